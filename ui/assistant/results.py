"""What the tools of the server `assistant` return: the JSON of the REST routes, in shapes that a model is told of."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

MOST_LISTED = 40
"""Entries of one kind that a document's reading lists for a model; `found` says how many there are."""


class Why(BaseModel):
    """A reason, in words."""

    code: str
    text: str


class Considered(BaseModel):
    """An endpoint that was considered, with what is expected of it; `left_out` says why it may not answer."""

    endpoint: str
    model: str
    score: float | None = None
    quality: float
    seconds: float
    cost: float = Field(description="US dollars")
    left_out: Why | None = None


class Decision(BaseModel):
    """Which endpoint was chosen for a question, and why."""

    endpoint: str
    task: str
    complexity: str
    strategy: str
    reasons: list[Why]
    considered: list[Considered]


class Spent(BaseModel):
    """What an answer took."""

    ms: float
    first_token_ms: float | None = None
    prompt_tokens: int
    completion_tokens: int
    cost: float = Field(description="US dollars")


class ModelAnswer(BaseModel):
    """A model's answer, and how that model was chosen; of a dry run the decision alone."""

    response: str | None = None
    endpoint: str | None = Field(None, description="Who answered")
    model: str | None = None
    fell_back: list[Why] = Field([], description="Who did not answer before that, and why")
    metrics: Spent | None = None
    decision: Decision


class StepAnswer(BaseModel):
    """What one model said in a task, or why it said nothing."""

    step: str
    model: str
    text: str
    in_place_of: str | None = None
    error: str | None = None


class TaskResult(BaseModel):
    """What a task came to."""

    text: str = Field(description="The answer")
    answers: list[StepAnswer]
    notes: list[str] = Field([], description="What is missing from the answer")
    vote: dict[str, Any] | None = Field(None, description="A vote's count: winner, tied, disagree, totals, ballots")


class Change(BaseModel):
    """A change that the models want; it is made only after a person's yes."""

    question_id: str
    tool: str
    arguments: dict[str, Any]
    text: str
    status: str


class TaskState(BaseModel):
    """A task: how far it is, and its result once it has ended."""

    task_id: str
    status: str = Field(
        description="waiting, running, done, asked (changes wait for a person's yes), failed, cancelled"
    )
    mode: str
    models: list[str]
    result: TaskResult | None = None
    changes: list[Change] = []


class TaskLine(BaseModel):
    """A task in a list."""

    task_id: str
    status: str
    query: str = Field(description="The question, at most 200 characters of it")
    mode: str
    models: list[str]
    created_at: str
    ended_at: str | None = None


class TaskList(BaseModel):
    """The tasks that somebody began, the newest first."""

    tasks: list[TaskLine]


class Place(BaseModel):
    """Where something stands: characters of the text, and the page."""

    start: int
    end: int
    page: int


class Quote(BaseModel):
    """The document's own words, with their place."""

    text: str
    place: Place


class Claim(Quote):
    """What a summary says, and the words of the document that it rests on."""

    claim: str


class InHandbook(BaseModel):
    """What the handbook says."""

    policy_id: str
    section: str
    text: str
    figures: list[str]


class Contradiction(BaseModel):
    """A sentence with a figure that the handbook has otherwise."""

    claim: Quote
    figure: Quote
    handbook: InHandbook


def _first(listed: list[Any]) -> list[Any]:
    return listed[:MOST_LISTED]


Quotes = Annotated[list[Quote], BeforeValidator(_first)]


class DocumentReading(BaseModel):
    """What a document says, obliges to, and where the handbook says otherwise."""

    answer: str
    pages: int
    found: dict[str, int] = Field(description=f"How many there are of each kind; at most {MOST_LISTED} are listed")
    obligations: Quotes
    dates: Quotes
    amounts: Quotes
    periods: Quotes
    contradictions: Annotated[list[Contradiction], BeforeValidator(_first)]
    handbook_checked: dict[str, int]
    summary: Annotated[list[Claim], BeforeValidator(_first)]
    summary_problem: str = Field(description="Why there is no summary; empty if there is one")
    unsure: Quotes = Field([], description="Of a picture: lines that its models read differently")


class Insights(BaseModel):
    """Figures that came out of a query on the shop's data."""

    status: str = Field(description="answered; unsure (see `differs` before using a figure); refused (see `refused`)")
    answer: str
    differs: list[str] = []
    columns: list[str]
    rows: list[list[Any]]
    more: bool = Field(False, description="Whether there are more rows")
    counted: str = Field("", description="What the figures count, in plain words; tell it with a figure")
    chart: str = Field("", description="The rows as a bar chart, in SVG, where each is a name and a figure")
    query: str | None = None
    refused: list[dict[str, str]] = []


class Total(BaseModel):
    """An option's weighted mean, from 0 to 10."""

    option: str
    total: float


class Score(BaseModel):
    """A score, by whom, and the words of the evidence that a model's rests on."""

    option: str
    criterion: str
    score: float
    by: str
    quote: str | None = None
    evidence: int | None = None


class Turn(BaseModel):
    """The weight of a criterion at which another option draws level."""

    criterion: str
    weight: float
    flips_at: float
    winner: str


class Evidence(BaseModel):
    """What a tool said."""

    number: int
    tool: str
    arguments: dict[str, Any]
    text: str
    refused: bool


class Weighing(BaseModel):
    """Options weighed by criteria; the outcome is arithmetic."""

    status: str = Field(description="answered; unsure (a tie, or no criterion has a score for every option)")
    answer: str
    recommendation: str | None = None
    totals: list[Total]
    scores: list[Score]
    unknown: list[str] = Field(description="Criteria that did not count: an option has no score")
    would_change: list[Turn]
    evidence: list[Evidence]
    model_problem: str = ""
