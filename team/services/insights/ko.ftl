### What data_insights says of a query and its result.

one_figure = { $figure }
few_rows = { $rows }
many_rows = 결과는 모두 { $count }행입니다.
more_rows = 처음 { $count }행만 보여 드립니다. 더 있습니다.
nothing = 해당하는 행이 없습니다.
no_value = 없음
no_query = 이 질문으로는 조회문을 만들지 못했습니다. 다른 말로 물어보시거나 sql 매개변수에 조회문을 직접 넣어 주세요.
unsure = 이 수치는 질문의 답이 아닐 수 있습니다. { $why }

## How a query differs from the question

differs_left_out = 질문의 “{ $about }” 조건이 조회문에 없습니다.
differs_added = 조회문의 “{ $about }” 조건은 질문에 없습니다.
differs_kind = 질문은 { $about }(을)를 묻는데 조회문은 계산하지 않습니다.
differs_other_kind = 조회문은 질문에 없는 { $about }(을)를 계산합니다.
differs_compares = 질문의 { $about } 비교가 조회문에 없습니다.
differs_unread = 조회문의 “{ $about }” 부분이 무엇을 세는지 확인할 수 없습니다.
differs_doubled = 조회문이 { $about }(을)를 여러 번 셀 수 있습니다.
differs_csv = CSV의 열이 무엇을 뜻하는지는 코드가 알지 못합니다. 물어보신 내용이 맞는지 집계 기준과 조회문을 확인해 주세요.
differs_currencies = 조회문이 통화 { $about }종의 금액을 한데 더합니다.

## Kinds of figures

kind_count = 개수
kind_average = 평균
kind_sum = 합계
kind_most = 최댓값
kind_least = 최솟값
kind_share = 비율
kind_groups = 항목별 수치
kind_not = 제외 조건
kind_GT = “초과”
kind_GTE = “이상”
kind_LT = “미만”
kind_LTE = “이하”

## What a query computes, in plain words

counted_where = 조건: { $conditions }
counted_groups = { $columns }별
counted_ascending = { $by } 작은 순
counted_descending = { $by } 큰 순
counted_first = 처음 { $count }행만
comma = { ", " }
figure_count = { $of } 수
figure_count_again = { $of } 수(나올 때마다 셈)
figure_share = { $of } 비율(0~1)
figure_percent = { $of } 비율(%)
figure_sum = { $of } 합계
figure_average = { $of } 평균
figure_most = { $of } 최댓값
figure_least = { $of } 최솟값
figure_where = { $figure }({ $conditions })
condition_EQ = { $column } = { $values }
condition_NEQ = { $column } ≠ { $values }
condition_GT = { $column } > { $values }
condition_GTE = { $column } ≥ { $values }
condition_LT = { $column } < { $values }
condition_LTE = { $column } ≤ { $values }
table_orders = 주문
table_order_lines = 주문 내역의 품목
table_payments = 결제·환불
table_products = 상품
table_items = 품목
table_tickets = 티켓
table_customers = 고객
table_csv_rows = CSV의 행
column_order_id = 주문
column_product_id = 상품
column_item_id = 품목
column_ticket_id = 티켓
column_customer_number = 고객
column_status = 상태
column_cancel_reason = 취소 사유
column_country = 국가
column_currency = 통화
column_total = 주문 금액
column_items = 주문의 품목 수
column_ordered_on = 주문일
column_ordered_month = 주문 월
column_product = 상품
column_name = 상품
column_price = 가격
column_type = 결제 유형
column_amount = 결제·환불 금액
column_category = 분류
column_available = 구매 가능(1 = 예)
column_priority = 우선순위
column_created_on = 티켓 접수일
column_created_month = 티켓 접수 월
