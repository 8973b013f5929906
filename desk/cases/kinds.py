"""What a case can be, and what is known about it and its requester, with the names that people read."""

from enum import StrEnum

from desk.deadlines.terms import DeadlineKind

# Who acts, when no staff member does.
CITIZEN = "citizen"


class CaseKind(StrEnum):
    """What is asked for (CPACA art. 13; Ley 1581 arts. 14, 15)."""

    PETITION = "petition"
    DOCUMENTS = "documents"
    CONSULTATION = "consultation"
    BETWEEN_AUTHORITIES = "between_authorities"
    COMPLAINT = "complaint"
    CLAIM = "claim"
    DENUNCIATION = "denunciation"
    SUGGESTION = "suggestion"
    COMPLIMENT = "compliment"
    PROCEDURE = "procedure"
    COMMUNICATION = "communication"
    FIRST_LEVEL = "first_level"
    DATA_CONSULTATION = "data_consultation"
    DATA_CLAIM = "data_claim"

    @property
    def deadline(self) -> DeadlineKind:
        """The term that holds for it; what the law names no term for has that of a general petition (art. 14)."""
        return _DEADLINES.get(self, DeadlineKind.GENERAL)


_DEADLINES = {
    CaseKind.DOCUMENTS: DeadlineKind.DOCUMENTS,
    CaseKind.CONSULTATION: DeadlineKind.CONSULTATION,
    CaseKind.BETWEEN_AUTHORITIES: DeadlineKind.BETWEEN_AUTHORITIES,
    CaseKind.FIRST_LEVEL: DeadlineKind.FIRST_LEVEL,
    CaseKind.DATA_CONSULTATION: DeadlineKind.DATA_CONSULTATION,
    CaseKind.DATA_CLAIM: DeadlineKind.DATA_CLAIM,
}

KIND_NAMES = {
    CaseKind.PETITION: "Derecho de petición",
    CaseKind.DOCUMENTS: "Documentos e información",
    CaseKind.CONSULTATION: "Consulta",
    CaseKind.BETWEEN_AUTHORITIES: "Petición entre autoridades",
    CaseKind.COMPLAINT: "Queja",
    CaseKind.CLAIM: "Reclamo",
    CaseKind.DENUNCIATION: "Denuncia",
    CaseKind.SUGGESTION: "Sugerencia",
    CaseKind.COMPLIMENT: "Felicitación",
    CaseKind.PROCEDURE: "Trámite",
    CaseKind.COMMUNICATION: "Comunicación",
    CaseKind.FIRST_LEVEL: "Primer nivel",
    CaseKind.DATA_CONSULTATION: "Consulta de datos personales",
    CaseKind.DATA_CLAIM: "Reclamo de datos personales",
}


class Channel(StrEnum):
    """By what way a case came."""

    CHAT = "chat"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    POST = "post"
    WEB_FORM = "web_form"
    SOCIAL_MEDIA = "social_media"


CHANNEL_NAMES = {
    Channel.CHAT: "Chat",
    Channel.WHATSAPP: "WhatsApp",
    Channel.EMAIL: "Correo institucional",
    Channel.TELEPHONE: "Teléfono",
    Channel.IN_PERSON: "Presencial",
    Channel.POST: "Correo postal",
    Channel.WEB_FORM: "Módulo PQRDS",
    Channel.SOCIAL_MEDIA: "Redes sociales",
}


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_CITIZEN = "waiting_for_citizen"
    ANSWERED = "answered"
    CLOSED = "closed"
    TRANSFERRED = "transferred"


OPEN_STATES = (CaseState.RECEIVED, CaseState.IN_PROGRESS, CaseState.WAITING_FOR_CITIZEN)

STATE_NAMES = {
    CaseState.RECEIVED: "Recibido",
    CaseState.IN_PROGRESS: "En trámite",
    CaseState.WAITING_FOR_CITIZEN: "En espera del ciudadano",
    CaseState.ANSWERED: "Respondido",
    CaseState.CLOSED: "Cerrado",
    CaseState.TRANSFERRED: "Trasladado",
}


class ClosingReason(StrEnum):
    """Why a case is closed."""

    ANSWERED = "answered"
    # Tacit withdrawal: not completed or not clarified in time (CPACA arts. 17, 19).
    NOT_COMPLETED = "not_completed"
    # CPACA art. 18.
    WITHDRAWN = "withdrawn"
    REPEATED = "repeated"
    NO_ANSWER_NEEDED = "no_answer_needed"


class RequesterKind(StrEnum):
    """Who asks."""

    PERSON = "person"
    COMPANY = "company"
    AUTHORITY = "authority"
    ANONYMOUS = "anonymous"


REQUESTER_NAMES = {
    RequesterKind.PERSON: "Persona natural",
    RequesterKind.COMPANY: "Persona jurídica",
    RequesterKind.AUTHORITY: "Autoridad",
    RequesterKind.ANONYMOUS: "Anónimo",
}


class Gender(StrEnum):
    """Said for statistics, by choice."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


GENDER_NAMES = {Gender.FEMALE: "Femenino", Gender.MALE: "Masculino", Gender.OTHER: "Otro"}


class AgeGroup(StrEnum):
    """Said for statistics, by choice; minors are not asked."""

    FROM_18 = "18-29"
    FROM_30 = "30-39"
    FROM_40 = "40-45"
    OVER_45 = "46+"


AGE_GROUP_NAMES = {
    AgeGroup.FROM_18: "18 a 29",
    AgeGroup.FROM_30: "30 a 39",
    AgeGroup.FROM_40: "40 a 45",
    AgeGroup.OVER_45: "Mayor de 45",
}


class CaseEventKind(StrEnum):
    """What happened to a case."""

    FILED = "filed"
    IMPORTED = "imported"
    NOTED = "noted"
    TRANSFERRED_TO_DEPENDENCY = "transferred_to_dependency"
    TRANSFERRED_TO_AUTHORITY = "transferred_to_authority"
    COMPLETION_REQUESTED = "completion_requested"
    COMPLETION_EXTENDED = "completion_extended"
    CLARIFICATION_REQUESTED = "clarification_requested"
    COMPLETED = "completed"
    EXTENDED = "extended"
    ANSWERED = "answered"
    CLOSED = "closed"
    PERSONAL_DATA_ERASED = "personal_data_erased"
