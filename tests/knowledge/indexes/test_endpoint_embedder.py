"""Embeddings by an endpoint: whatever it does, there are right vectors or one clear line."""

import math
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from knowledge.handbook import embedder_of
from knowledge.indexes.endpoint import EndpointAwayError
from storage.settings import Settings
from tests.knowledge.model_endpoint import MODEL, EmbeddingModel, answering, embedding_by, status
from tests.processes import free_port

TEXTS = [f"text number {number} of the handbook" for number in range(100)]


@pytest.fixture
def model() -> EmbeddingModel:
    return EmbeddingModel()


@pytest.fixture
async def shop(model: EmbeddingModel, settings: Settings) -> AsyncIterator[Settings]:
    async with embedding_by(model, settings) as served:
        yield served


async def test_each_text_gets_its_own_vector_of_length_one_in_whatever_order_they_come_back(
    model: EmbeddingModel, shop: Settings
) -> None:
    async def shuffled(_: Request, told: dict[str, list[str]]) -> Response:
        given = model.given(told["input"])
        return JSONResponse({"data": given["data"][::-1]})

    straight = await embedder_of(shop).embed_passages(TEXTS)
    model.failures += [shuffled] * 4

    again = await embedder_of(shop).embed_passages(TEXTS)

    assert again.tolist() == straight.tolist()
    assert [round(math.sqrt(sum(number**2 for number in row)), 5) for row in straight.tolist()] == [1] * 100
    assert [len(texts) for texts in model.requests] == [32, 32, 32, 4] * 2


async def test_it_is_asked_again_after_a_failure_and_not_sooner_than_it_says(
    model: EmbeddingModel, shop: Settings
) -> None:
    model.failures += [status(503), status(429, {"Retry-After": "1"})]

    vectors = await embedder_of(shop).embed_passages(["returns"])

    assert vectors.shape == (1, model.size)
    assert model.requests == [["returns"]] * 3
    assert model.at[2] - model.at[1] >= 1


async def test_a_customer_does_not_wait_for_one_that_says_to_come_back_later_than_a_question_lasts(
    model: EmbeddingModel, shop: Settings
) -> None:
    model.failures += [status(429, {"Retry-After": "30"})]

    with pytest.raises(EndpointAwayError, match=r"it answers 429, not now\. Try again later\.$"):
        await embedder_of(shop).embed_question("returns")

    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("<html>Welcome</html>", "its response is not a list of vectors"),
        ({"data": [{"index": 0, "embedding": None}]}, "its response is not a list of vectors"),
        ({"error": "no"}, "its response is not a list of vectors"),
        ({"data": []}, "2 texts got 0 vectors"),
        ({"data": [{"index": 0, "embedding": [1.0]}] * 2}, "2 texts got 2 vectors"),
        ({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}, "differ in length"),
        ('{"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [NaN]}]}', "contain NaN or infinity"),
        ({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [0.0]}]}, "nothing but zeros"),
        ({"data": [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}]}, "nothing but zeros"),
    ],
)
async def test_an_answer_without_right_vectors_is_told_in_one_line(
    model: EmbeddingModel, shop: Settings, answer: object, said: str
) -> None:
    model.failures += [answering(answer)]

    with pytest.raises(EndpointAwayError) as refused:
        await embedder_of(shop).embed_passages(["returns", "refunds"])

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("Correct EMBEDDINGS_MODEL or EMBEDDINGS_BASE_URL.")


async def test_vectors_that_change_their_length_within_an_ingest_are_refused(
    model: EmbeddingModel, shop: Settings
) -> None:
    model.failures += [answering({"data": [{"index": place, "embedding": [1.0] * 64} for place in range(32)]})]

    with pytest.raises(EndpointAwayError, match="its vectors have 64 numbers, then 256"):
        await embedder_of(shop).embed_passages(TEXTS)


async def test_what_is_too_much_at_once_is_sent_as_less_and_a_text_too_long_by_its_beginning(
    model: EmbeddingModel, shop: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    model.most_texts, model.most_letters = 10, 600
    long = "postage " * 200

    vectors = await embedder_of(shop).embed_passages([*TEXTS[:30], long, long])

    assert vectors.shape == (32, model.size)
    assert [texts for texts in model.requests if texts == [long[:400]]] == [[long[:400]]] * 2
    assert caplog.text.count(f"{MODEL} rejects long passages: they are truncated before embedding.") == 1


async def test_what_is_refused_for_something_else_is_told_and_not_asked_for_ever(
    model: EmbeddingModel, shop: Settings
) -> None:
    model.failures += [status(400)] * 50

    with pytest.raises(EndpointAwayError, match="it answers 400, not now"):
        await embedder_of(shop).embed_passages(TEXTS[:32])

    assert len(model.requests) < 12


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ({"embeddings_api_key": ""}, "it answers 401, Incorrect API key provided: nothing. Set EMBEDDINGS_API_KEY."),
        (
            {"embeddings_api_key": "sk-wrong"},
            "it answers 401, Incorrect API key provided: Bearer …. Correct EMBEDDINGS_API_KEY.",
        ),
        (
            {"embeddings_model": "other"},
            "it answers 404, The model `other` does not exist. Correct EMBEDDINGS_MODEL or EMBEDDINGS_BASE_URL.",
        ),
    ],
)
async def test_what_is_set_wrongly_is_named(
    model: EmbeddingModel, settings: Settings, update: dict[str, str], said: str
) -> None:
    model.key = "sk-right"
    async with embedding_by(model, settings) as shop:
        with pytest.raises(EndpointAwayError) as refused:
            await embedder_of(shop.model_copy(update=update)).size()

    opening = f"Policies cannot be searched or ingested: the embeddings endpoint at {shop.embeddings_base_url}"
    assert str(refused.value) == f"{opening} cannot be used: {said}"
    assert len(model.requests) == 1


async def test_an_address_without_v1_is_named(shop: Settings) -> None:
    bare = shop.model_copy(update={"embeddings_base_url": shop.embeddings_base_url.removesuffix("/v1")})

    with pytest.raises(
        EndpointAwayError, match=r"it answers 404\. Correct EMBEDDINGS_BASE_URL, which does not end in /v1"
    ):
        await embedder_of(bare).size()


async def test_an_address_where_nothing_answers_is_named_without_its_password(settings: Settings) -> None:
    port = free_port()
    away = settings.model_copy(
        update={"embeddings_base_url": f"http://me:hidden@127.0.0.1:{port}/v1", "embeddings_model": MODEL}
    )

    with pytest.raises(EndpointAwayError) as refused:
        await embedder_of(away).embed_question("returns")

    assert f"the embeddings endpoint at http://127.0.0.1:{port}/v1 cannot be used: " in str(refused.value)
    assert str(refused.value).endswith("Start it, or correct EMBEDDINGS_BASE_URL.")
    assert "hidden" not in str(refused.value)


async def test_what_a_model_wants_before_a_text_is_sent_and_the_index_is_named_by_it(
    model: EmbeddingModel, shop: Settings
) -> None:
    told = {"embeddings_question_prefix": "query: ", "embeddings_passage_prefix": "passage: "}
    embedder = embedder_of(shop.model_copy(update=told))

    await embedder.embed_passages(["returns"])
    await embedder.embed_question("who pays")

    assert model.texts == ["passage: returns", "query: who pays"]
    assert embedder.name != embedder_of(shop).name


async def test_a_question_without_a_word_is_not_sent(model: EmbeddingModel, shop: Settings) -> None:
    vector = await embedder_of(shop).embed_question("?!")

    assert not vector.any()
    assert model.requests == []


async def test_the_key_is_in_no_setting_that_is_printed(settings: Settings) -> None:
    assert "sk-right" not in repr(settings.model_copy(update={"embeddings_api_key": "sk-right"}))
