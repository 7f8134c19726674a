using System.Text;
using Suite.Oci.References;

namespace Suite.Oci.Images;

/// <summary>The name of a stack of layers: what lies below counts too (image-spec config.md, "Layer ChainID").</summary>
public static class ChainId
{
    /// <summary>The chain ids of each prefix of <paramref name="diffIds"/>, lowest first.</summary>
    public static IReadOnlyList<Digest> Of(IReadOnlyList<Digest> diffIds)
    {
        var chain = new Digest[diffIds.Count];
        for (var i = 0; i < chain.Length; i++)
            chain[i] = i == 0 ? diffIds[0] : Digest.Compute(Encoding.ASCII.GetBytes($"{chain[i - 1]} {diffIds[i]}"));
        return chain;
    }
}
