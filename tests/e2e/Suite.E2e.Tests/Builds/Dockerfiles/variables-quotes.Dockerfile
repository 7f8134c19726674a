FROM busybox
ENV A='$S' B="\$S" C=\$S D=a\ b
LABEL "a b"="c d" e='f g'
