FROM busybox
ENV OLD a value  with blanks
