FROM busybox
COPY --chmod=u=rwX,go=rX dir /d
COPY --chmod=+x a.txt /a
