FROM busybox
ENTRYPOINT ["/bin/true"]
