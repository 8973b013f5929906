"""What the citizen's booking page says, in Spanish and English."""

from consultame.settings import Language
from desk.appointments.citizen import Field
from desk.appointments.models import LONGEST_DESCRIPTION

BOOKING_TEXTS: dict[Language, dict[str, str]] = {
    "es": {
        "title": "Pida su cita virtual",
        "lead": "Una persona de la mesa de servicio le atiende por videollamada durante {minutes} minutos. Es gratis.",
        "step": "Paso {number} de 6",
        "other_language": "English",
        "continue": "Continuar",
        "leave": "Salir sin reservar",
        "back": "Volver",
        "change": "Cambiar",
        "problems": "Revise lo siguiente:",
        "optional": "(opcional)",
        "consent_title": "Autorización de datos personales",
        "consent_text": (
            "Para darle la cita, el Ministerio de Minas y Energía necesita su nombre, su correo, su teléfono y el "
            "asunto. Los usa solo para atender la cita, recordársela y hacer estadísticas. El género y el grupo de "
            "edad son opcionales. Puede conocer, actualizar, corregir o suprimir sus datos, o retirar esta "
            "autorización, escribiendo a {email} (Ley 1581 de 2012). No reservamos citas a menores de edad."
        ),
        "consent_accept": "Autorizo el tratamiento de mis datos para esta cita y soy mayor de edad",
        "consent_missing": "Para pedir la cita, marque que autoriza el uso de sus datos.",
        "consent_expired": "Pasó mucho tiempo. Autorice de nuevo para continuar: conservamos lo que escribió.",
        "policy_version": "Política de tratamiento de datos, versión {version}.",
        "topic_title": "¿Sobre qué es la cita?",
        "segment": "Tema",
        "segment_missing": "Elija un tema.",
        "description": "Cuéntenos brevemente qué necesita",
        "need": "Qué necesita",
        "description_help": f"Hasta {LONGEST_DESCRIPTION} caracteres. No escriba contraseñas ni datos de salud.",
        "language": "Idioma de la cita",
        "month_title": "Elija el día",
        "with": "¿Con quién?",
        "anyone": "Cualquiera",
        "filter": "Ver sus días libres",
        "previous": "Mes anterior",
        "next": "Mes siguiente",
        "free_one": "{count} libre",
        "free_many": "{count} libres",
        "full": "Lleno",
        "full_spoken": "lleno, puede entrar a la lista de espera",
        "closed_spoken": "sin citas",
        "month_help": (
            "Los días dicen cuántas horas libres tienen. En un día lleno puede entrar a la lista de espera. "
            "Con el teclado: tabulador o flechas para moverse, Entrar para elegir."
        ),
        "no_days_month": "En este mes no hay días con citas. Mire otro mes.",
        "nobody": "No hay citas para este tema en este idioma. Cambie el tema o el idioma, o llame al {phone}.",
        "day_missing": "Elija un día con citas.",
        "time_title": "Elija la hora",
        "time": "Hora de inicio (hora de Colombia)",
        "time_missing": "Elija una de las horas.",
        "nearest": "Las horas libres más cercanas",
        "other_day": "Elegir otro día",
        "attends_at": "{name} (libre a las {times})",
        "full_title": "Ese día está lleno",
        "full_text": (
            "Todas las horas del {day} están tomadas. Puede esperar: si se libera una, se la guardamos y le escribimos "
            "a su correo para que la acepte."
        ),
        "wait": "Entrar a la lista de espera de este día",
        "not_full": "Ese día ya tiene horas libres. Elija una.",
        "data_title": "Sus datos",
        "kept_until": "Le guardamos hasta las {until} la cita del {moment}",
        "waiting_for": "Lista de espera del {day}.",
        "name": "Nombre completo",
        "email": "Correo electrónico",
        "phone": "Teléfono",
        "phone_help": "Diez dígitos en Colombia, por ejemplo 300 123 4567; de otro país, con + y el indicativo.",
        "gender": "Género",
        "age_group": "Grupo de edad",
        "not_told": "Prefiero no decirlo",
        "review_title": "Revise y confirme",
        "when": "Fecha y hora",
        "attendant": "Atiende",
        "book": "Reservar la cita",
        "join": "Entrar a la lista de espera",
        "joined_title": "Está en la lista de espera",
        "joined": (
            "Si se libera una hora el {day}, se la guardamos y le escribimos a {email}. El correo trae el enlace para "
            "aceptarla o salir de la lista."
        ),
        "another": "Pedir una cita en otro día",
        "home": "Ir a la página de la mesa de servicio",
        "too_fast": "Hubo demasiados intentos desde su conexión. Espere unos minutos y vuelva a intentarlo.",
    },
    "en": {
        "title": "Ask for a virtual appointment",
        "lead": "A person of the service desk attends you by video call for {minutes} minutes. It is free.",
        "step": "Step {number} of 6",
        "other_language": "Español",
        "continue": "Continue",
        "leave": "Leave without booking",
        "back": "Back",
        "change": "Change",
        "problems": "Please check the following:",
        "optional": "(optional)",
        "consent_title": "Authorisation to use personal data",
        "consent_text": (
            "To give you the appointment, the Ministry of Mines and Energy needs your name, e-mail, phone and the "
            "subject. It uses them only to hold the appointment, to remind you of it and for statistics. Gender and "
            "age group are optional. You may see, update, correct or delete your data, or withdraw this "
            "authorisation, by writing to {email} (Law 1581 of 2012). We do not book appointments for minors."
        ),
        "consent_accept": "I authorise the use of my data for this appointment and I am of age",
        "consent_missing": "To ask for the appointment, tick that you authorise the use of your data.",
        "consent_expired": "A long time has passed. Authorise again to go on: we have kept what you typed.",
        "policy_version": "Data policy, version {version}.",
        "topic_title": "What is the appointment about?",
        "segment": "Subject",
        "segment_missing": "Choose a subject.",
        "description": "Tell us briefly what you need",
        "need": "What you need",
        "description_help": f"Up to {LONGEST_DESCRIPTION} characters. Do not write passwords or health data.",
        "language": "Language of the appointment",
        "month_title": "Choose the day",
        "with": "With whom?",
        "anyone": "Anyone",
        "filter": "Show their free days",
        "previous": "Previous month",
        "next": "Next month",
        "free_one": "{count} free",
        "free_many": "{count} free",
        "full": "Full",
        "full_spoken": "full, you can join the waiting list",
        "closed_spoken": "no appointments",
        "month_help": (
            "Each day says how many times are free. On a full day you can join the waiting list. "
            "With the keyboard: Tab or arrow keys to move, Enter to choose."
        ),
        "no_days_month": "There are no days with appointments in this month. Look at another month.",
        "nobody": "There are no appointments for this subject in this language. Change either, or call {phone}.",
        "day_missing": "Choose a day with appointments.",
        "time_title": "Choose the time",
        "time": "Starting time (Colombian time)",
        "time_missing": "Choose one of the times.",
        "nearest": "The nearest free times",
        "other_day": "Choose another day",
        "attends_at": "{name} (free at {times})",
        "full_title": "That day is full",
        "full_text": (
            "All times on {day} are taken. You can wait: if one becomes free, we keep it for you and write to your "
            "e-mail address so that you can accept it."
        ),
        "wait": "Join the waiting list of this day",
        "not_full": "That day has free times now. Choose one.",
        "data_title": "Your data",
        "kept_until": "Until {until} we keep for you the appointment on {moment}",
        "waiting_for": "Waiting list of {day}.",
        "name": "Full name",
        "email": "E-mail",
        "phone": "Phone",
        "phone_help": "Ten digits in Colombia, for example 300 123 4567; from elsewhere, with + and the country code.",
        "gender": "Gender",
        "age_group": "Age group",
        "not_told": "I prefer not to say",
        "review_title": "Check and confirm",
        "when": "Date and time",
        "attendant": "With",
        "book": "Book the appointment",
        "join": "Join the waiting list",
        "joined_title": "You are on the waiting list",
        "joined": (
            "If a time becomes free on {day}, we keep it for you and write to {email}. The mail has the link to accept "
            "it or to leave the list."
        ),
        "another": "Ask for an appointment on another day",
        "home": "Go to the page of the service desk",
        "too_fast": "There were too many attempts from your connection. Wait a few minutes and try again.",
    },
}

FIELD_PROBLEMS: dict[Language, dict[Field, str]] = {
    "es": {
        Field.NAME: "Escriba su nombre completo, con letras.",
        Field.EMAIL: "Escriba un correo completo, como nombre@correo.com.",
        Field.PHONE: "Escriba un teléfono de diez dígitos, o con + y el indicativo si es de otro país.",
        Field.DESCRIPTION: f"Cuéntenos qué necesita, en {LONGEST_DESCRIPTION} caracteres o menos.",
        Field.CONSENT: "Para pedir la cita, autorice el uso de sus datos.",
    },
    "en": {
        Field.NAME: "Write your full name, with letters.",
        Field.EMAIL: "Write a complete e-mail address, as in name@mail.com.",
        Field.PHONE: "Write a phone of ten digits, or with + and the country code if it is from elsewhere.",
        Field.DESCRIPTION: f"Tell us what you need, in {LONGEST_DESCRIPTION} characters or fewer.",
        Field.CONSENT: "To ask for the appointment, authorise the use of your data.",
    },
}

LANGUAGE_NAMES: dict[Language, str] = {"es": "Español", "en": "English"}
