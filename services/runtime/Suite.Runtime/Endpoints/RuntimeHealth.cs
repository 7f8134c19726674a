using System.Text.Json;
using Runtime.V1;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Runtime.Handlers;
using Suite.Runtime.Peers;

namespace Suite.Runtime.Endpoints;

/// <summary>CRI's Status: whether pods can be run now, and what this runtime can do.</summary>
internal sealed class RuntimeHealth(NetworkPeer network, RuntimeHandlers handlers, SuitePaths paths)
{
    public async Task<StatusResponse> StatusAsync(bool verbose, CancellationToken cancellationToken)
    {
        var response = new StatusResponse
        {
            Status = new RuntimeStatus
            {
                Conditions =
                {
                    new RuntimeCondition { Type = "RuntimeReady", Status = true },
                    await NetworkConditionAsync(cancellationToken).ConfigureAwait(false),
                },
            },
            Features = new RuntimeFeatures { SupplementalGroupsPolicy = true, MountOptions = true, UserNamespacesHostNetwork = true },
        };
        foreach (var name in handlers.Names.Prepend(""))
        {
            var features = await handlers.FeaturesOf(name).ConfigureAwait(false);
            response.RuntimeHandlers.Add(new RuntimeHandler { Name = name, Features = new RuntimeHandlerFeatures { RecursiveReadOnlyMounts = features.RecursiveReadOnlyMounts, UserNamespaces = features.UserNamespaces } });
        }
        if (verbose)
            response.Info["config"] = $"{{\"stateDir\":\"{JsonEncodedText.Encode(paths.Run)}\",\"rootDir\":\"{JsonEncodedText.Encode(paths.Root)}\"}}";
        return response;
    }

    private async Task<RuntimeCondition> NetworkConditionAsync(CancellationToken cancellationToken)
    {
        var condition = new RuntimeCondition { Type = "NetworkReady" };
        try
        {
            (condition.Status, condition.Reason, condition.Message) = await network.StatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException down) when (down.Kind == ErrorKind.Unavailable)
        {
            condition.Reason = "NetworkServiceDown";
            condition.Message = down.Message;
        }
        return condition;
    }
}
