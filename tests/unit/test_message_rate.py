"""How often somebody may ask: so many times in any minute, each conversation for itself."""

from bot.channels.message_rate import MessageRate


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_as_many_as_the_limit_are_admitted_in_any_minute() -> None:
    clock = Clock()
    rate = MessageRate(clock)
    assert [rate.admits("message", "web-1", 2) for _ in range(3)] == [True, True, False]
    clock.seconds = 59.9
    assert not rate.admits("message", "web-1", 2)


def test_the_window_moves_with_each_message() -> None:
    clock = Clock()
    rate = MessageRate(clock)
    for clock.seconds in (0.0, 40.0):
        assert rate.admits("message", "web-1", 2)
    clock.seconds = 60.0
    assert [rate.admits("message", "web-1", 2) for _ in range(2)] == [True, False]
    clock.seconds = 99.9
    assert not rate.admits("message", "web-1", 2)
    clock.seconds = 100.0
    assert rate.admits("message", "web-1", 2)


def test_a_refused_message_does_not_prolong_the_wait() -> None:
    clock = Clock()
    rate = MessageRate(clock)
    assert rate.admits("message", "web-1", 1)
    for clock.seconds in (20.0, 40.0, 59.0):
        assert not rate.admits("message", "web-1", 1)
    clock.seconds = 60.0
    assert rate.admits("message", "web-1", 1)


def test_conversations_and_kinds_are_counted_apart() -> None:
    rate = MessageRate(Clock())
    assert rate.admits("message", "web-1", 1)
    assert rate.admits("message", "web-2", 1)
    assert rate.admits("feedback", "web-1", 1)
    assert not rate.admits("message", "web-1", 1)


def test_whoever_was_quiet_for_a_minute_is_forgotten() -> None:
    clock = Clock()
    rate = MessageRate(clock)
    for number in range(1000):
        rate.admits("message", f"web-{number}", 30)
    clock.seconds = 61.0
    rate.admits("message", "web-late", 30)
    assert len(rate) == 1
