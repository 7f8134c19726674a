using System.Security.Cryptography.X509Certificates;

namespace Suite.Registry.Access;

/// <summary>Who a client certificate is for, as Kubernetes reads them: CN is the user, each O a group.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    public static Caller CallerOf(X509Certificate2 certificate)
    {
        var user = "";
        var groups = new List<string>();
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (name.HasMultipleElements || name.GetSingleElementValue() is not { } value)
                continue;
            if (name.GetSingleElementType().Value == CommonName)
                user = value;
            else if (name.GetSingleElementType().Value == Organization)
                groups.Add(value);
        }

        return new Caller(user, groups);
    }
}
