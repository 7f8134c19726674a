# escape=`
FROM busybox
ENV P=c:\dir Q=a` b
SHELL ["/bin/sh", "-ec"]
CMD run me
