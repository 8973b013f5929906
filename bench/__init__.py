"""The benchmark: this assistant beside stock Rasa, nlp.js and BM25, on the same questions. See README.md."""
