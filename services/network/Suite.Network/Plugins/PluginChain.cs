using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>Calls the plugins of a list in their order: ADD and CHECK forward with each one's result for the next, DEL backward with the final one.</summary>
internal sealed class PluginChain(PluginProcess process, NetworkOptions options)
{
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(10);

    private TimeSpan Limit => TimeSpan.FromSeconds(options.CniTimeoutSeconds);

    /// <returns>The final result.</returns>
    public async Task<JsonObject> AddAsync(PluginList list, PluginCall call, JsonObject runtime)
    {
        JsonObject? result = null;
        foreach (var plugin in list.Plugins)
        {
            string type = PluginList.TypeOf(plugin);
            string printed = await process.RunAsync(type, call with { Command = "ADD" }, PluginRequest.Settings(list, plugin, runtime, result), Limit, CancellationToken.None);
            try
            {
                result = PluginList.ParseObject(printed);
            }
            catch (SuiteException e)
            {
                throw new SuiteException(ErrorKind.Unavailable, $"CNI plugin {type}, ADD: its result is none: {e.Message}; it printed: {PluginFailure.Quote(printed)}", e);
            }
        }

        return result!;
    }

    /// <summary>Goes on after an error and throws the first: what one plugin cannot take back is no reason to leave the others' work.</summary>
    public async Task DeleteAsync(CachedResult cached, PluginCall call)
    {
        SuiteException? failure = null;
        foreach (var plugin in cached.List.Plugins.Reverse())
        {
            try
            {
                string settings = PluginRequest.Settings(cached.List, plugin, cached.Runtime, cached.Result);
                await process.RunAsync(PluginList.TypeOf(plugin), call with { Command = "DEL" }, settings, Limit, CancellationToken.None);
            }
            catch (SuiteException e)
            {
                failure ??= e;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    public async Task CheckAsync(CachedResult cached, PluginCall call, CancellationToken cancellationToken)
    {
        if (cached.List.DisableCheck || !PluginVersions.Has(cached.List.Version, "0.4.0"))
        {
            return;
        }

        foreach (var plugin in cached.List.Plugins)
        {
            string settings = PluginRequest.Settings(cached.List, plugin, cached.Runtime, cached.Result);
            await process.RunAsync(PluginList.TypeOf(plugin), call with { Command = "CHECK" }, settings, QuickLimit, cancellationToken);
        }
    }

    /// <summary>Whether the list can connect pods now: every plugin is there, and those that can be asked say so.</summary>
    public async Task StatusAsync(PluginList list, CancellationToken cancellationToken)
    {
        foreach (var plugin in list.Plugins)
        {
            string type = PluginList.TypeOf(plugin);
            if (PluginVersions.Has(list.Version, "1.1.0"))
            {
                await process.RunAsync(type, new PluginCall("STATUS"), PluginRequest.Settings(list, plugin, [], null), QuickLimit, cancellationToken);
            }
            else if (process.Find(type) is null)
            {
                throw new SuiteException(ErrorKind.FailedPrecondition, $"there is no CNI plugin {type} in {string.Join(" or ", options.CniBinDirectoriesOrDefault)}");
            }
        }
    }

    /// <summary>Tells the plugins which attachments there are; what they hold for others is theirs to free. Goes on after an error and throws the first.</summary>
    public async Task CollectAsync(PluginList list, IEnumerable<(string Sandbox, string Interface)> valid, CancellationToken cancellationToken)
    {
        if (list.DisableGc || !PluginVersions.Has(list.Version, "1.1.0"))
        {
            return;
        }

        var attachments = new JsonArray([.. valid.Select(v => (JsonNode)new JsonObject { ["containerID"] = v.Sandbox, ["ifname"] = v.Interface })]);
        SuiteException? failure = null;
        foreach (var plugin in list.Plugins)
        {
            try
            {
                await process.RunAsync(PluginList.TypeOf(plugin), new PluginCall("GC"), PluginRequest.Settings(list, plugin, [], null, attachments), Limit, cancellationToken);
            }
            catch (SuiteException e)
            {
                failure ??= e;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }
}
