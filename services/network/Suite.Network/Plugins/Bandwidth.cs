using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>The traffic limits that annotations of a pod ask for, in Kubernetes' quantities, as the capability "bandwidth" wants them: bits a second.</summary>
internal static partial class Bandwidth
{
    private const string Ingress = "kubernetes.io/ingress-bandwidth";
    private const string Egress = "kubernetes.io/egress-bandwidth";
    private const long Burst = uint.MaxValue; // bits; what other runtimes give

    public static JsonObject? Of(IReadOnlyDictionary<string, string> annotations)
    {
        var limits = new JsonObject();
        if (annotations.TryGetValue(Ingress, out var ingress))
        {
            (limits["ingressRate"], limits["ingressBurst"]) = (Parse(Ingress, ingress), Burst);
        }

        if (annotations.TryGetValue(Egress, out var egress))
        {
            (limits["egressRate"], limits["egressBurst"]) = (Parse(Egress, egress), Burst);
        }

        return limits.Count > 0 ? limits : null;
    }

    internal static long Parse(string annotation, string text)
    {
        var match = QuantityPattern().Match(text);
        if (match.Success && decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number < 1_000_000_000_000)
        {
            decimal rate = number * FactorOf(match.Groups[2].Value);
            if (rate is >= 1000 and <= 1_000_000_000_000_000)
            {
                return (long)rate;
            }
        }

        throw new SuiteException(ErrorKind.InvalidArgument, $"the annotation {annotation} says \"{text}\": write a rate in bits a second from 1k to 1P, like 10M");
    }

    private static decimal FactorOf(string suffix) => suffix switch
    {
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        _ => 1,
    };

    [GeneratedRegex(@"^([0-9]{1,15}(?:\.[0-9]{1,9})?)(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|)$")]
    private static partial Regex QuantityPattern();
}
