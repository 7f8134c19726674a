using System.Globalization;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--restart no | on-failure[:TIMES] | always | unless-stopped</summary>
internal static class RestartSyntax
{
    public static RestartPolicy Parse(string text)
    {
        if (text.Split(':') is ["on-failure", var times]
            && uint.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var retries))
            return new RestartPolicy { Mode = RestartMode.OnFailure, Retries = retries };
        return text switch
        {
            "no" or "" => new RestartPolicy(),
            "on-failure" => new RestartPolicy { Mode = RestartMode.OnFailure },
            "always" => new RestartPolicy { Mode = RestartMode.Always },
            "unless-stopped" => new RestartPolicy { Mode = RestartMode.UnlessStopped },
            _ => throw new SuiteException(
                ErrorKind.InvalidArgument, $"cannot use --restart \"{text}\": write no, on-failure, on-failure:TIMES, always or unless-stopped"),
        };
    }

    public static string Name(RestartMode mode) => mode switch
    {
        RestartMode.OnFailure => "on-failure",
        RestartMode.Always => "always",
        RestartMode.UnlessStopped => "unless-stopped",
        _ => "no",
    };
}
