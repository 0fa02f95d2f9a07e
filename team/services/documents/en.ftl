### What document_analysis says of what it found.

found = { $pages ->
    [one] On one page
   *[other] On { $pages } pages
}: obligations { $obligations }, dates { $dates }, amounts { $amounts }, periods { $periods }; contradictions with the handbook: { $contradictions }.
