# escape=`
FROM busybox
RUN echo a `
  b > /ab
ENV P=c:\dir
