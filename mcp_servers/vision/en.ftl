### What the vision tools say: of a picture too poor to judge by, and to the model that looks at one.

## Why a picture proves nothing

picture_too_small = The picture is too small to judge by ({ $width } x { $height } pixels); a larger one is needed.
picture_too_dark = The picture is too dark to judge by; one in better light is needed.
picture_too_bright = The picture is too bright to judge by; one with less light is needed.
picture_blurry = The picture is too blurry to judge by; a sharp one is needed.

## What the model that looks is asked

look = What does the picture show, and what is written in it? Describe it in English.
damage = The customer says that this is their '{ $name }' ({ $options }) and that it is damaged. Is the item or its parcel damaged? 'unclear' if the picture does not show this item, or not enough of it. Give the evidence in English.

## What a client shows in its menu: a prompt by its function's name

handle_a_damaged_parcel = Order { $order_id } arrived damaged.{ $image_id ->
    [none] {""}
   *[given] {" "}Judge the picture { $image_id } with inspect_damage.
} Look the order up with get_order and find which item it is about; ask me if that is not clear. Read the policy on damaged items (search_policies). Then tell me my options, and request the one I choose. If the picture is unclear or a person has to decide, open a ticket with create_ticket and tell me its number.
    .title = Handle a damaged parcel
    .description = Settle a parcel that arrived damaged, by its picture and the policy.

# Where several models look, and their verdict is unclear.
voters_differ = The models disagree: { $told }
voters_missing = Not all of the { $asked } models that vote could look: { $told }
