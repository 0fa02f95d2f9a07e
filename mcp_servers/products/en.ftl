### Why a product is recommended.

same_kind = the same kind of product as { $name } ({ $category })
same_options = comes in the same options as { $name } ({ $options })
matches = matches “{ $query }”
# Beside one of the two above: what it costs less or more.
cheaper = { $reason }, { $amount } cheaper
dearer = { $reason }, { $amount } more expensive
