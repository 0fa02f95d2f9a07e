"""What `--help` says of the CSV files, for both commands that know them; docs/csv.md says more."""

ADDRESS = "address1, address2, city, state, country, zip"
COLUMNS = {
    "customers": f"id, first_name, last_name, email, language, {ADDRESS}",
    "payment_methods": "customer_id, id, kind, brand, last_four, balance",
    "products": "id, name, description, category, keywords, currency",
    "variants": "product_id, item_id, options, price, available",
    "orders": f"id, customer_id, status, currency, ordered_at, {ADDRESS}, cancel_reason, return_item_ids, "
    "return_payment_method_id, exchange_item_ids, exchange_new_item_ids, exchange_payment_method_id, "
    "exchange_price_difference",
    "order_lines": "order_id, line, item_id, product_id, name, options, price",
    "shipments": "order_id, number, tracking_ids, item_ids",
    "payments": "order_id, number, type, amount, payment_method_id",
    "tickets": "id, customer_id, order_id, subject, status, category, priority, created_at",
    "ticket_entries": "ticket_id, number, at, by, kind, text",
}

# A blank line between paragraphs is how typer tells them apart.
CSV_FILES = "\n\n".join(
    [
        "The files and their columns; docs/csv.md says what each means:",
        *(f"[bold]{name}.csv[/bold]  {columns}" for name, columns in COLUMNS.items()),
        "UTF-8, commas; amounts in minor units as whole numbers, options as JSON objects, moments in ISO 8601.",
    ]
)
