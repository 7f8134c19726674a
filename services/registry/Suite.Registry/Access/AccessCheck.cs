using Microsoft.AspNetCore.Http;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Registry.Distribution;

namespace Suite.Registry.Access;

/// <summary>
/// Refuses what the caller may not do: 401 with a challenge where logging in, or a token for more, could help, and 403 where it could not.
/// </summary>
internal sealed class AccessCheck(AccessPolicy policy, Challenge challenge)
{
    public void Demand(HttpContext http, string repository, Permissions needed)
    {
        var caller = CallerOf(http);
        if ((policy.For(caller, repository) & needed) == needed)
            return;
        var couldHelp = caller.IsAnonymous || (caller.HasToken && (policy.RulesFor(caller, repository) & needed) == needed);
        if (!couldHelp)
            throw new DistributionException(ErrorKind.PermissionDenied, ErrorCode.Denied, $"{caller.User} may not {string.Join(" and ", needed.Words())} in {repository}");
        challenge.Write(http, caller.HasToken ? "insufficient_scope" : null);
        throw new DistributionException(
            ErrorKind.Unauthenticated, ErrorCode.Unauthorized, $"log in to {string.Join(" and ", needed.Words())} in {repository}");
    }

    /// <summary>For what belongs to no repository: with users at all, only who logged in or has a token.</summary>
    public void DemandLogin(HttpContext http)
    {
        var caller = CallerOf(http);
        if (policy.IsOpen || !caller.IsAnonymous || caller.HasToken)
            return;
        challenge.Write(http);
        throw new DistributionException(ErrorKind.Unauthenticated, ErrorCode.Unauthorized, "log in first");
    }

    /// <summary>For lists, which hold what the caller may see: whoever may see anything gets them.</summary>
    public void DemandSight(HttpContext http)
    {
        if (!policy.AdmitsAnonymous)
            DemandLogin(http);
    }

    public bool MayPull(HttpContext http, string repository)
    {
        var caller = CallerOf(http);
        // A token names the repositories it is for, and lists and mounts go over many: here the rules alone decide.
        return policy.RulesFor(caller, repository).HasFlag(Permissions.Pull);
    }

    public static Caller CallerOf(HttpContext http) => http.Features.Get<Caller>() ?? Caller.Anonymous;
}
