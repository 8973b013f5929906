// nlp.js as a system of the benchmark.
//
//   node server.js train corpus.json model.json   trains, writes the model, prints {"training_seconds": …}
//   node server.js serve model.json port          POST /parse, POST /turn {"text": …}
//
// corpus.json: {"examples": [{"text", "label", "language" | null}], "answers": [{"label", "language", "text"}]}

"use strict";

const fs = require("fs");
const http = require("http");
const { NlpManager } = require("node-nlp");

const LANGUAGES = ["es", "en"];

function newManager() {
  return new NlpManager({ languages: LANGUAGES, nlu: { log: false }, autoSave: false, autoLoad: false });
}

async function train(corpusPath, modelPath) {
  const corpus = JSON.parse(fs.readFileSync(corpusPath, "utf8"));
  const started = process.hrtime.bigint();
  const manager = newManager();
  for (const { text, label, language } of corpus.examples) {
    const guessed = language || manager.guessLanguage(text);
    manager.addDocument(LANGUAGES.includes(guessed) ? guessed : "es", text, label);
  }
  for (const { label, language, text } of corpus.answers) manager.addAnswer(language, label, text);
  await manager.train();
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  fs.writeFileSync(modelPath, manager.export(false));
  console.log(JSON.stringify({ training_seconds: seconds }));
}

function serve(modelPath, port) {
  const manager = newManager();
  manager.import(fs.readFileSync(modelPath, "utf8"));
  const routes = {
    "/parse": async (text) => {
      const { intent, classifications } = await manager.process(text);
      return { intent: intent === "None" ? null : intent, ranking: classifications.map((item) => [item.intent, item.score]) };
    },
    "/turn": async (text) => {
      const { intent, answer } = await manager.process(text);
      return { intent, answer: answer || "" };
    },
  };
  http
    .createServer((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", async () => {
        let status = 200;
        let body;
        try {
          body = await routes[request.url](JSON.parse(Buffer.concat(chunks)).text);
        } catch (error) {
          status = 400;
          body = { error: String(error) };
        }
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(JSON.stringify(body));
      });
    })
    .listen(Number(port), "127.0.0.1");
}

const [command, ...rest] = process.argv.slice(2);
if (command === "train") train(...rest);
else serve(...rest);
