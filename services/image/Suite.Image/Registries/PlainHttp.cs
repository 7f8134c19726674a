using System.Security.Authentication;
using Suite.Linux.Errors;

namespace Suite.Image.Registries;

/// <summary>What to say of a registry that was spoken to with TLS and answered without.</summary>
internal static class PlainHttp
{
    /// <returns>Null: that is not what went wrong.</returns>
    public static SuiteException? Explain(string host, Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            // The library has no code for it: its words are that the answer is no TLS frame.
            if (cause is AuthenticationException && cause.Message.Contains("frame", StringComparison.Ordinal))
            {
                return new SuiteException(
                    ErrorKind.FailedPrecondition,
                    $"The registry {host} speaks HTTP without TLS, which anybody between can read and change: to allow it nevertheless, add \"{host}\" to "
                    + $"insecureRegistries in image.json and start suite-image again, or write server = \"http://{host}\" into certs.d/{host}/hosts.toml.",
                    failure);
            }
        }

        return null;
    }
}
