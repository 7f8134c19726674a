namespace Suite.Runtime.Pods;

/// <summary>The users and groups of a pod with a user namespace: 0 and on in the pod are these of the host.</summary>
internal sealed record UserMap(IdRange Users, IdRange Groups);

/// <param name="First">On the host.</param>
internal readonly record struct IdRange(uint First, uint Count);
