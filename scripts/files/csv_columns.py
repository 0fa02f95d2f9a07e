"""What `--help` says about the CSV files, for both CSV commands; docs/csv.md has the details."""

ADDRESS = "address1, address2, city, state, country, zip"
COLUMNS = {
    "customers": f"id, first_name, last_name, email, language, {ADDRESS}",
    "payment_methods": "customer_id, id, kind, brand, last_four, balance",
    "products": "id, name, names, description, category, keywords, currency",
    "variants": "product_id, item_id, options, price, available",
    "orders": f"id, customer_id, status, currency, ordered_at, {ADDRESS}, cancel_reason, return_item_ids, "
    "return_payment_method_id, exchange_item_ids, exchange_new_item_ids, exchange_payment_method_id, "
    "exchange_price_difference",
    "order_lines": "order_id, line, item_id, product_id, name, options, price",
    "shipments": "order_id, number, tracking_ids, item_ids, carrier, shipped_on, expected_on",
    "payments": "order_id, number, type, amount, payment_method_id",
    "tickets": "id, customer_id, order_id, subject, status, category, priority, created_at",
    "ticket_entries": "ticket_id, number, at, by, kind, text",
}

# typer separates paragraphs by blank lines.
CSV_FILES = "\n\n".join(
    [
        "The files and their columns (explained in docs/csv.md):",
        *(f"[bold]{name}.csv[/bold]  {columns}" for name, columns in COLUMNS.items()),
        "UTF-8, comma-separated; amounts are integers in minor units, options JSON objects, timestamps ISO 8601.",
    ]
)
