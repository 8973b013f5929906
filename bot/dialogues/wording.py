"""What every guided dialogue says in the same words."""

from bot.dialogues.fields import Option, Texts

HOW_TO_LEAVE: Texts = {
    "es": "Para dejar esto escriba «salir» cuando quiera; para cambiar algo, «corregir» y el dato.",
    "en": "To leave this write “exit” at any time; to change something, “correct” and what is wrong.",
}
LEFT: Texts = {
    "es": "Listo, salimos de {subject}. No se hizo ningún trámite y sus respuestas no se usarán.",
    "en": "Done, we left {subject}. Nothing was filed and your answers will not be used.",
}
TOO_MANY_ATTEMPTS: Texts = {
    "es": (
        "No logré entender ese dato y no quiero hacerle perder tiempo, así que salimos de {subject} sin hacer ningún "
        "trámite. Puede hacerlo con una persona: llame gratis al {linea_gratuita} o al {telefono}, de {horario}, o "
        "escriba a {correo}."
    ),
    "en": (
        "I could not understand that and do not want to waste your time, so we left {subject} and filed nothing. "
        "You can do it with a person: call {linea_gratuita}, free of charge, or {telefono}, {horario}, or write "
        "to {correo}."
    ),
}
RESUMED: Texts = {"es": "Sigamos con {subject}.", "en": "Let us go on with {subject}."}
RESUMED_AFTER_DANGER: Texts = {
    "es": "Primero póngase a salvo. Cuando pueda, seguimos con {subject}.",
    "en": "Get to safety first. When you can, we go on with {subject}.",
}
WAS_IT_AN_ANSWER: Texts = {
    "es": "Si lo que escribió era su respuesta, toque «Incluir lo que escribí».",
    "en": "If what you wrote was your answer, press “Include what I wrote”.",
}
FINISH_FIRST: Texts = {
    "es": "Eso es otro trámite. Terminemos {subject}, o escriba «salir» para dejar esto y empezar el otro.",
    "en": "That is another procedure. Let us finish {subject}, or write “exit” to leave this and begin the other one.",
}
NOT_OFFERED: Texts = {
    "es": "Esa opción ya no se puede usar.",
    "en": "That option can no longer be used.",
}
CHOOSE_ONE: Texts = {
    "es": "Elija una de las opciones, con el botón o escribiéndola.",
    "en": "Choose one of the options, with the button or by writing it.",
}
NOT_UNDERSTOOD: Texts = {"es": "No entendí ese dato.", "en": "I did not understand that."}
SUMMARY: Texts = {"es": "Esto es lo que entendí:", "en": "This is what I understood:"}
IS_IT_RIGHT: Texts = {
    "es": "¿Está bien? Si algo no lo está, escriba por ejemplo «cambiar {example}».",
    "en": "Is it right? If something is not, write for example “change {example}”.",
}
WHICH_ONE: Texts = {"es": "¿Qué quiere cambiar?", "en": "What do you want to change?"}
SERVICE_FAILED: Texts = {
    "es": (
        "En este momento no puedo terminar {subject}: el sistema no responde. Sus respuestas siguen aquí; repita la "
        "última en unos minutos, o llame gratis al {linea_gratuita}."
    ),
    "en": (
        "I cannot complete {subject} right now: the system does not answer. Your answers are still here; repeat the "
        "last one in a few minutes, or call {linea_gratuita}, free of charge."
    ),
}
CHANGE: Texts = {"es": "Cambiar algo", "en": "Change something"}
LEAVE: Texts = {"es": "Salir", "en": "Leave"}
TRY_AGAIN: Texts = {"es": "Intentar de nuevo", "en": "Try again"}
SKIP = Option("", {"es": "Omitir", "en": "Skip"})
INCLUDE = Option("include", {"es": "Incluir lo que escribí", "en": "Include what I wrote"}, ("incluir", "include"))
