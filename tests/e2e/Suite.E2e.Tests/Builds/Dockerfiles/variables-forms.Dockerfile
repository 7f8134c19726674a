FROM busybox
ENV E= S=set
ENV R1=${S:-no} R2=${E:-empty} R3=${N:-none} R4=${S:+yes} R5=${E:+yes} R6=x${N}y
