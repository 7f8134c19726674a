namespace Suite.Oci.Images;

/// <summary><c>{}</c>: the value of a set that JSON writes as a map.</summary>
public sealed record EmptyObject
{
    public static EmptyObject Instance { get; } = new();
}
