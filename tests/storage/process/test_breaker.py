"""The circuit breaker, by a clock of its own."""

from storage.process.breaker import FAILURES, OPEN_S, Breaker


class Clock:
    """A clock that goes on when it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def broken() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    return breaker, clock


def test_an_endpoint_that_failed_again_and_again_is_left_alone_for_a_while() -> None:
    breaker, clock = broken()

    assert not breaker.admits()
    clock.now += OPEN_S
    assert breaker.admits()


def test_when_the_time_is_over_one_call_tries_it_and_the_others_keep_away() -> None:
    breaker, clock = broken()
    clock.now += OPEN_S

    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    breaker.worked()
    assert breaker.admits()


def test_a_try_that_failed_leaves_it_alone_for_as_long_again() -> None:
    breaker, clock = broken()
    clock.now += OPEN_S
    breaker.admits()
    breaker.failed()

    clock.now += OPEN_S - 0.1
    assert not breaker.admits()


def test_an_answer_in_between_forgets_the_failures() -> None:
    breaker = Breaker(Clock())
    for _ in range(3 * FAILURES):
        breaker.failed()
        breaker.worked()

    assert breaker.admits()


def test_an_endpoint_rests_as_long_as_it_asked_for() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.rest(2)

    assert (breaker.admits(), breaker.left_s) == (False, 2)
    clock.now += 2
    assert breaker.admits()


def test_a_breaker_may_open_at_the_first_failure_and_for_a_time_of_its_own() -> None:
    clock = Clock()
    breaker = Breaker(clock, failures=1, open_s=2)
    breaker.failed()

    assert (breaker.admits(), breaker.left_s) == (False, 2)
    clock.now += 2
    assert [breaker.admits() for _ in range(2)] == [True, False]
