### What decision_support says of its outcome.

best = { $option } comes out ahead, with { $total } of 10.
tie = Two options are equal, with { $total } of 10: decide by what the criteria leave out.
nothing_known = No criterion has a score for every option, so nothing can be recommended. Give scores, or evidence from tools.
nothing_turns = No weight of a single criterion would change that.
turns = If “{ $criterion }” weighed { $at } instead of { $weight }, { $option } would be level with it.
