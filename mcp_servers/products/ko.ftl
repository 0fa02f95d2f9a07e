### Why a product is recommended.

same_kind = { $name } 상품과 같은 종류 ({ $category })
same_options = { $name } 상품과 같은 옵션 ({ $options })
matches = ‘{ $query }’ 검색어와 일치
# Beside one of the two above: what it costs less or more.
cheaper = { $reason }, { $amount } 저렴
dearer = { $reason }, { $amount } 더 비쌈
