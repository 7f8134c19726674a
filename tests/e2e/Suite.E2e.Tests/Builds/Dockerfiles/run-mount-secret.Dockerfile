FROM busybox
RUN --mount=type=secret,id=pass wc -c < /run/secrets/pass > /size
RUN --mount=type=secret,id=pass,target=/x,mode=0444 stat -c %a /x > /mode
# test: --secret id=pass,src=SECRET
