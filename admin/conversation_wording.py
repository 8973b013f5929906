"""What stands under a message on the plain page of the chat, in Spanish and English."""

from consultame.settings import Language

# The channel speaks to each citizen in the language of the answer; so does what stands under it.
RATING_TEXTS: dict[Language, dict[str, str]] = {
    "es": {
        "question": "¿Le sirvió esta respuesta?",
        "yes": "Sí, me sirvió",
        "no": "No me sirvió",
        "why": "¿Qué le faltó? (opcional)",
        "privacy": "No escriba su nombre, su cédula ni otros datos personales.",
        "send": "Enviar comentario",
        "thanks": "Gracias por su opinión.",
    },
    "en": {
        "question": "Was this answer helpful?",
        "yes": "Yes, it helped me",
        "no": "It did not help me",
        "why": "What was missing? (optional)",
        "privacy": "Do not write your name, your ID number or other personal data.",
        "send": "Send comment",
        "thanks": "Thank you for your opinion.",
    },
}

NOTICE_TEXTS: dict[Language, dict[str, str]] = {
    "es": {
        "offer_email": "Avíseme por correo cuando haya respuesta",
        "offer_whatsapp": "Avíseme por WhatsApp cuando haya respuesta",
        "accept_email": "Autorizo usar mi correo para este aviso",
        "accept_whatsapp": "Autorizo usar mi celular para este aviso",
        "email": "Su correo electrónico",
        "phone": "Su número de celular",
        "phone_help": "Como 300 123 4567; de otro país, con + y su indicativo.",
        "send": "Avisarme",
        "kept": "Listo. Le escribiremos cuando haya una respuesta aprobada a esta pregunta.",
        "other_email": "Cambiar el correo",
        "change_to_email": "Avisarme a otro correo",
        "change_to_whatsapp": "Avisarme por WhatsApp a otro celular",
    },
    "en": {
        "offer_email": "E-mail me when there is an answer",
        "offer_whatsapp": "Tell me by WhatsApp when there is an answer",
        "accept_email": "I authorise the use of my e-mail address for this notice",
        "accept_whatsapp": "I authorise the use of my mobile number for this notice",
        "email": "Your e-mail address",
        "phone": "Your mobile number",
        "phone_help": "Such as 300 123 4567; of another country, with + and its code.",
        "send": "Tell me",
        "kept": "Done. We will write to you when there is an approved answer to this question.",
        "other_email": "Change the e-mail address",
        "change_to_email": "Tell me at another e-mail address",
        "change_to_whatsapp": "Tell me by WhatsApp at another number",
    },
}
