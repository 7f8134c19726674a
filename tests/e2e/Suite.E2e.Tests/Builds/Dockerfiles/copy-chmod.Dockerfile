FROM busybox
COPY --chmod=700 a.txt /a.txt
COPY --chmod=0640 b.txt /b.txt
