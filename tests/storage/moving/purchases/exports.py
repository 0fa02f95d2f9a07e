"""Small exports of orders, with the columns and the habits of the systems that write them."""

SHOPIFY = """\
Name,Email,Financial Status,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Total,Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Address1,Shipping City,\
Shipping Zip,Shipping Province,Shipping Country,Cancelled at,Payment Method,Refunded Amount
#1001,Ana@Example.com,paid,fulfilled,2026-03-04 10:00:00 -0500,USD,50.00,5.00,55.00,2026-03-02 09:30:00 -0500,2,\
Stone Mug - Red,10.00,MUG-R,Ana Lee,1 Elm St,Austin,'78701,TX,US,,PayPal,0.00
#1001,Ana@Example.com,,,,,,,,,1,Desk Lamp,30.00,LAMP,,,,,,,,,
#1002,bo@example.com,paid,unfulfilled,,USD,30.00,0.00,30.00,2026-03-01 08:00:00 -0500,1,Desk Lamp,30.00,LAMP,\
Bo Diaz,2 Oak St,Reno,89501,NV,US,,Visa,0.00
#1003,bo@example.com,refunded,unfulfilled,,USD,30.00,0.00,30.00,2026-03-03 08:00:00 -0500,1,Desk Lamp,30.00,LAMP,\
Bo Diaz,2 Oak St,Reno,89501,NV,US,2026-03-03 09:00:00 -0500,Visa,30.00
"""
CAFE24 = """\
주문번호,주문일시,주문상태,주문자 이메일,수령인,수령인 우편번호,수령인 주소,\
주문상품명,상품옵션,수량,판매가,총 결제금액,결제수단,배송업체,운송장번호
20260302-0000011,2026-03-02 09:30:00,배송중,mina@example.com,김미나,06236,\
서울 강남구 테헤란로 1,유기농 사과 3kg,크기=대,1,"24,000","27,000",신용카드,CJ대한통운,6012-3456-7890
"""

CHOSEN = """\
주문번호,주문일시,주문상태,주문자 이메일,수령인,상품코드,자체 상품코드,주문상품명,상품옵션,수량,판매가,총 결제금액
1-12,2026-11-20,배송완료,ha@example.com,김하늘,P0A,TINT,벨벳 틴트,"색상=02 로즈, 구성=단품",1,"12,800","24,800"
1-12,2026-11-20,배송완료,ha@example.com,김하늘,,,벨벳 틴트,03 베리/2개 세트,1,"12,000","24,800"
1-13,2026-11-21,배송완료,ha@example.com,김하늘,P0A,,벨벳 틴트,색상=04 자두,1,"12,800","12,800"
"""
"""Rows that name a product and what was chosen of it, and no item."""

BY_ITEM = """\
주문번호,주문상태,주문자 이메일,수령인,자체 상품코드,주문상품명,수량,판매가,총 결제금액,실제 환불금액,운송장번호
1,배송완료,ha@example.com,김하늘,CUP,컵,1,"10,000","33,000",,6078-1
1,반품완료,ha@example.com,김하늘,POT,주전자,1,"20,000","33,000","17,000",6078-1
2,배송중,ha@example.com,김하늘,CUP,컵,1,"10,000","30,000",,6078-2
2,상품준비중,ha@example.com,김하늘,POT,주전자,1,"20,000","30,000",,
3,취소완료,ha@example.com,김하늘,CUP,컵,1,"10,000","30,000",,
3,상품준비중,ha@example.com,김하늘,POT,주전자,1,"20,000","30,000",,
"""
"""Orders whose items are in states of their own."""

MONEY = """\
Name,Email,Financial Status,Fulfillment Status,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,\
Lineitem sku,Cancelled at,Payment Method,Refunded Amount
#1,bo@example.com,partially_refunded,unfulfilled,USD,30.00,1,Desk Lamp,30.00,LAMP,2026-03-03 09:00:00 -0500,Visa,25.00
#2,bo@example.com,paid,unfulfilled,USD,30.00,1,Desk Lamp,30.00,LAMP,2026-03-03 09:00:00 -0500,Visa,0.00
#3,bo@example.com,voided,unfulfilled,USD,30.00,1,Desk Lamp,30.00,LAMP,2026-03-03 09:00:00 -0500,Visa,0.00
#4,bo@example.com,pending,unfulfilled,USD,30.00,1,Desk Lamp,30.00,LAMP,,Bank Deposit,0.00
"""
"""Orders of Shopify of which all, a part or nothing was paid and refunded."""

SMARTSTORE = """\
"◈ 다운로드 받은 파일로 '엑셀 일괄발송' 처리하는 방법
- 상품주문번호, 배송방법, 택배사, 송장번호",,,"◈ 각 항목 입력 방법
배송방법 - 택배,등기,소포 / 퀵서비스",,,,,,,,,,,,,
상품주문번호,주문번호,택배사,송장번호,발송일,구매자명,수취인명,주문상태,상품명,옵션정보,수량,옵션가격,상품가격,\
상품별 총 주문금액,판매자 상품코드,통합배송지,우편번호,주문일시,구매자 이메일
11,2026112910,CJ대한통운,6800-1,2026-11-30,정다은,정다은,배송중,덴탈껌,,2,0,15000,27001,GUM,서울 마포구 1,04001,\
2026-11-29 21:02:50,daeun@example.com
12,2026112910,CJ대한통운,6800-2,2026-11-30,정다은,정다은,배송중,하우스,색상: 베이지,1,5000,45000,45000,HOUSE,\
서울 마포구 1,04001,2026-11-29 21:02:50,daeun@example.com
13,2026112910,,,,정다은,정다은,배송준비,모래,,1,0,9000,9000,SAND,\
서울 마포구 1,04001,2026-11-29 21:02:50,daeun@example.com
14,2026113011,,,,박준,박준,결제대기,모래,,3,0,9000,27000,SAND,부산 1,48094,2026-11-30 23:30:00,jun@example.com
"""
"""A sheet of Smart Store with a column of emails added: how to use it stands above the columns' names."""
