FROM busybox
RUN --mount=type=secret,id=pass,env=PASS echo ${#PASS} > /length
# test: --secret id=pass,src=SECRET
