"""An entry is answered from its first day to its last; before it ends it returns to its curator; it can be retired."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from consultame.database import read_session, write_session
from consultame.local_time import today
from consultame.staff import Role, StaffMember
from kb.entries import (
    EntryRefused,
    EntryText,
    approve,
    approved_versions,
    entry_by_slug,
    newest_approved_versions,
    submit_for_review,
    write_new_entry,
    write_new_version,
)
from kb.exchange import export_entries, read_topic_file
from kb.expiry import ExpiryNotice, hand_to_curators, notices_of, running_out, tasks_of
from kb.models import Entry, EntryVersion, Topic
from kb.retirement import bring_back, retire
from kb.validity import Validity, validity
from tests.conftest import forget_settings
from tests.unit.test_entries import TEXT

AddPerson = Callable[[str, Role], StaffMember]
DAY = timedelta(days=1)
LASTING = replace(TEXT, valid_until=None)


@pytest.fixture
def people(any_database: str, add_person: AddPerson) -> tuple[StaffMember, StaffMember]:
    """A curator and an approver."""
    return add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)


def approved(people: tuple[StaffMember, StaffMember], slug: str, text: EntryText) -> EntryVersion:
    """The entry's next version, written and approved."""
    author, approver = people
    with write_session() as session:
        entry = entry_by_slug(session, slug)
        if entry:
            version = write_new_version(session, entry=entry, text=text, author=author)
        else:
            version = write_new_entry(session, slug=slug, topic=Topic.ENERGIA, text=text, author=author)
        submit_for_review(session, version, by=author)
        approve(session, version, by=approver)
        return version


def numbers_in_force() -> dict[str, int]:
    with read_session() as session:
        return {version.entry.slug: version.number for version in approved_versions(session)}


@pytest.mark.parametrize(
    ("first", "last", "day", "expected"),
    [
        (None, None, date(2030, 1, 1), Validity.CURRENT),
        (date(2030, 1, 2), None, date(2030, 1, 1), Validity.AHEAD),
        (date(2030, 1, 2), None, date(2030, 1, 2), Validity.CURRENT),
        (None, date(2030, 3, 1), date(2030, 1, 29), Validity.CURRENT),
        (None, date(2030, 3, 1), date(2030, 1, 30), Validity.ENDS_SOON),
        (None, date(2030, 3, 1), date(2030, 3, 1), Validity.ENDS_SOON),
        (None, date(2030, 3, 1), date(2030, 3, 2), Validity.EXPIRED),
    ],
)
def test_both_days_count_and_thirty_days_before_the_end_it_ends_soon(
    data_directory: object, first: date | None, last: date | None, day: date, expected: Validity
) -> None:
    assert validity(EntryVersion(valid_from=first, valid_until=last), day) is expected


def test_the_days_of_warning_are_a_setting(data_directory: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTAME_EXPIRY_WARNING_DAYS", "5")
    forget_settings()
    version = EntryVersion(valid_from=None, valid_until=date(2030, 3, 1))
    assert validity(version, date(2030, 2, 23)) is Validity.CURRENT
    assert validity(version, date(2030, 2, 24)) is Validity.ENDS_SOON


def test_a_version_whose_first_day_lies_ahead_leaves_the_former_in_force(
    people: tuple[StaffMember, StaffMember],
) -> None:
    approved(people, "estufas", LASTING)
    approved(people, "estufas", replace(LASTING, valid_from=today() + DAY))
    approved(people, "hornos", replace(LASTING, valid_from=today() + DAY))
    approved(people, "braseros", replace(LASTING, valid_from=today()))
    assert numbers_in_force() == {"estufas": 1, "braseros": 1}
    with read_session() as session:
        newest = {version.entry.slug: version.number for version in newest_approved_versions(session)}
    assert newest == {"estufas": 2, "hornos": 1, "braseros": 1}


def test_an_expired_version_stays_in_the_release_so_that_citizens_are_told_why(
    people: tuple[StaffMember, StaffMember],
) -> None:
    approved(people, "estufas", LASTING)
    approved(people, "estufas", replace(LASTING, valid_until=today() - DAY))
    assert numbers_in_force() == {"estufas": 2}


def test_days_the_wrong_way_round_are_refused() -> None:
    text = replace(TEXT, valid_from=date(2030, 2, 2), valid_until=date(2030, 2, 1))
    assert "«Válida desde» es posterior a «Válida hasta»." in text.problems()


def test_a_retired_entry_is_left_out_of_the_next_release_until_it_is_brought_back(
    people: tuple[StaffMember, StaffMember], tmp_path: object
) -> None:
    approver = people[1]
    approved(people, "estufas", LASTING)
    approved(people, "hornos", LASTING)
    with write_session() as session:
        retire(session, _entry(session, "estufas"), by=approver, reason=" Ya no hay programa. ")
    assert numbers_in_force() == {"hornos": 1}
    with read_session() as session:
        entry = _entry(session, "estufas")
        assert entry.retirement_reason == "Ya no hay programa."
        assert entry.retired_by is not None
        assert entry.retired_by.id == approver.id
        (path,) = export_entries(session, tmp_path)  # type: ignore[arg-type]
    assert [entry.slug for entry in read_topic_file(path).entries] == ["hornos"]
    with write_session() as session:
        bring_back(session, _entry(session, "estufas"), by=approver)
    assert numbers_in_force() == {"estufas": 1, "hornos": 1}


def test_retiring_needs_the_role_and_a_reason_and_happens_once(people: tuple[StaffMember, StaffMember]) -> None:
    curator, approver = people
    approved(people, "estufas", LASTING)
    with write_session() as session:
        entry = _entry(session, "estufas")
        for by, reason, message in ((curator, "x", "rol"), (approver, "  ", "por qué"), (approver, "x" * 501, "500")):
            with pytest.raises(EntryRefused, match=message):
                retire(session, entry, by=by, reason=reason)
        with pytest.raises(EntryRefused, match="no está retirada"):
            bring_back(session, entry, by=approver)
        retire(session, entry, by=approver, reason="x")
        with pytest.raises(EntryRefused, match="ya está retirada"):
            retire(session, entry, by=approver, reason="x")
        with pytest.raises(EntryRefused, match="rol"):
            bring_back(session, entry, by=curator)


def test_what_runs_out_returns_to_who_wrote_it_the_earliest_end_first(
    people: tuple[StaffMember, StaffMember], add_person: AddPerson
) -> None:
    ana, luis = people
    other = add_person("otra", Role.CURATOR)
    approved(people, "estufas", replace(LASTING, valid_until=today() + 10 * DAY))
    approved(people, "hornos", replace(LASTING, valid_until=today() - DAY))
    approved(people, "braseros", replace(LASTING, valid_until=today() + 31 * DAY))
    approved((other, luis), "lamparas", replace(LASTING, valid_until=today()))
    with write_session() as session:
        session.get_one(StaffMember, other.id).active = False
    with read_session() as session:
        items = running_out(session)
        assert [(item.version.entry.slug, item.validity) for item in items] == [
            ("hornos", Validity.EXPIRED),
            ("lamparas", Validity.ENDS_SOON),
            ("estufas", Validity.ENDS_SOON),
        ]
        # What nobody is responsible for any more is everybody's task.
        assert [item.version.entry.slug for item in tasks_of(ana, items)] == ["hornos", "lamparas", "estufas"]
        assert [item.version.entry.slug for item in tasks_of(other, items)] == ["lamparas"]
    approved(people, "hornos", LASTING)
    with read_session() as session:
        assert [item.version.entry.slug for item in running_out(session)] == ["lamparas", "estufas"]


def test_an_entry_that_is_being_renewed_says_so_and_a_retired_one_bothers_nobody(
    people: tuple[StaffMember, StaffMember],
) -> None:
    ana, luis = people
    approved(people, "estufas", replace(LASTING, valid_until=today()))
    approved(people, "hornos", replace(LASTING, valid_until=today()))
    with write_session() as session:
        write_new_version(session, entry=_entry(session, "estufas"), text=LASTING, author=ana)
        retire(session, _entry(session, "hornos"), by=luis, reason="x")
    with read_session() as session:
        (item,) = running_out(session)
        assert (item.version.entry.slug, item.is_being_renewed) == ("estufas", True)


def test_each_day_hands_over_what_is_new_and_once_only(people: tuple[StaffMember, StaffMember]) -> None:
    version = approved(people, "estufas", replace(LASTING, valid_until=date(2030, 3, 1)))
    handed: list[list[str]] = []
    for day in (date(2030, 1, 29), date(2030, 1, 30), date(2030, 2, 1), date(2030, 3, 2), date(2030, 3, 3)):
        with write_session() as session:
            handed.append([notice.kind for notice in hand_to_curators(session, day)])
    assert handed == [[], ["ends_soon"], [], ["expired"], []]
    with read_session() as session:
        notices = notices_of(session, version)
        assert [(notice.kind, notice.curator_id) for notice in notices] == [
            ("expired", people[0].id),
            ("ends_soon", people[0].id),
        ]


def test_the_worker_hands_over_every_night(people: tuple[StaffMember, StaffMember]) -> None:
    from kb.expiry_job import return_expiring_entries

    approved(people, "estufas", replace(LASTING, valid_until=today()))
    return_expiring_entries.call_local()
    with read_session() as session:
        assert session.query(ExpiryNotice).count() == 1


def _entry(session: object, slug: str) -> Entry:
    entry = entry_by_slug(session, slug)  # type: ignore[arg-type]
    assert entry is not None
    return entry
