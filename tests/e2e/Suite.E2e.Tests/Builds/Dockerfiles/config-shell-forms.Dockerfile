FROM busybox
ENTRYPOINT exec top -b
CMD ignored by it
