### Why a product is recommended, and what a client calls its picture.

same_kind = the same kind of product as { $name } ({ $category })
same_options = comes in the same options as { $name } ({ $options })
matches = matches “{ $query }”
# Beside one of the two above: what it costs less or more.
cheaper = { $reason }, { $amount } cheaper
dearer = { $reason }, { $amount } more expensive
# What it goes with: others bought both, or its words name that kind of product.
bought_together = often bought together with { $name }
meant_for = made to go with a product such as { $name }
goes_with = goes with “{ $name }”
# How a search was understood, one after another.
read_words = looking for “{ $value }”
read_loosely = nothing fits all of “{ $value }”; these fit a part of it
read_beside = that goes with “{ $value }”
read_least = from { $value }
read_most = at most { $value }
read_cheapest = cheapest first
read_dearest = most expensive first
read_reviewed = well reviewed
read_foreign = “{ $value }” was not compared, as the shop's prices are in { $own }
# Two products side by side.
side_price = price
side_stock = in stock
side_yes = yes
side_no = no
side_rating = stars (reviews)
side_options = options
side_only = only this one
side_cheapest = the cheaper one
side_cheaper = { $amount } less
side_same = the same price

## What a client shows in its menus

picture = Product picture
    .description = A small picture of one product.

### What reviews speak of.

aspect_quality = quality
aspect_price = price
aspect_delivery = delivery
aspect_packaging = packaging
aspect_size = size
aspect_comfort = comfort
aspect_design = design
aspect_ease = ease of use
aspect_sound = sound
aspect_battery = battery
aspect_smell = smell
aspect_taste = taste
aspect_service = service
aspect_said = praised by { $praised }, criticised by { $criticised }
