### What data_insights says of a query and its result.

one_figure = { $figure }
few_rows = { $rows }
many_rows = The table has { $count } rows.
more_rows = The table shows the first { $count } rows; there are more.
nothing = No row matches.
no_value = none
no_query = No query could be made of this question. Ask in other words, or give a query in the parameter sql.
unsure = These figures may not answer the question. { $why }

## How a query differs from the question

differs_left_out = The question says “{ $about }”, and the query leaves it out.
differs_added = The query says “{ $about }”, and the question does not.
differs_kind = The question asks for { $about }, and the query does not compute it.
differs_other_kind = The query computes { $about }, and the question does not ask for it.
differs_compares = The question compares by { $about }, and the query does not.
differs_unread = The query holds “{ $about }”, and code cannot tell what that counts.
differs_doubled = The query may count { $about } more than once.
differs_csv = Code does not know what the columns of your CSV mean: read under “counted” and in the query whether this is what you asked.
differs_currencies = The query adds up amounts of { $about } currencies.

## Kinds of figures

kind_count = a count
kind_average = an average
kind_sum = a sum
kind_most = the most or the highest
kind_least = the least or the lowest
kind_share = a share
kind_groups = a figure for each group
kind_not = what is not so
kind_GT = “more than”
kind_GTE = “at least”
kind_LT = “less than”
kind_LTE = “at most”

## What a query computes, in plain words

counted_where = where { $conditions }
counted_groups = for each { $columns }
counted_ascending = the smallest { $by } first
counted_descending = the largest { $by } first
counted_first = only the first { $count }
comma = { ", " }
figure_count = number of { $of }
figure_count_again = number of { $of }, each as often as it occurs
figure_share = share (0 to 1) of { $of }
figure_percent = percentage of { $of }
figure_sum = sum of { $of }
figure_average = average of { $of }
figure_most = highest { $of }
figure_least = lowest { $of }
figure_where = { $figure } with { $conditions }
condition_EQ = { $column } = { $values }
condition_NEQ = { $column } ≠ { $values }
condition_GT = { $column } > { $values }
condition_GTE = { $column } ≥ { $values }
condition_LT = { $column } < { $values }
condition_LTE = { $column } ≤ { $values }
table_orders = orders
table_order_lines = order lines
table_payments = payments and refunds
table_products = products
table_items = items
table_tickets = tickets
table_customers = customers
table_csv_rows = rows of the CSV
column_order_id = order
column_product_id = product
column_item_id = item
column_ticket_id = ticket
column_customer_number = customer
column_status = status
column_cancel_reason = reason for cancelling
column_country = country
column_currency = currency
column_total = order value
column_items = items in the order
column_ordered_on = day of the order
column_ordered_month = month of the order
column_product = product
column_name = product
column_price = price
column_type = type of payment
column_amount = amount paid or refunded
column_category = category
column_available = available (1 = yes)
column_priority = priority
column_created_on = day the ticket was opened
column_created_month = month the ticket was opened
