namespace Suite.Oci.References;

/// <summary>The hash functions that the image specification registers and Suite computes (descriptor.md, "Registered Algorithms").</summary>
public enum DigestAlgorithm
{
    Sha256,
    Sha512,
}
