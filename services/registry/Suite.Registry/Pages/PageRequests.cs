using Microsoft.AspNetCore.Http;
using Suite.Registry.Distribution;

namespace Suite.Registry.Pages;

/// <summary>
/// The web page. Its files tell nothing of what the registry holds and are given to everybody; what it shows it asks for like any client.
/// </summary>
internal sealed class PageRequests(PageAssets assets)
{
    private const string Start = "index.html";

    // Only what comes from here runs, and only here may it ask (w3.org/TR/CSP3): names in a registry are chosen by strangers.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async Task HandleAsync(HttpContext http)
    {
        var response = http.Response;
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        if (assets.Find(http.Request.RouteValues["file"] as string ?? Start) is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.ETag = asset.ETag;
        // Asked for anew each time and answered with 304: after an update nobody sees half of the old page.
        response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch == asset.ETag)
            response.StatusCode = StatusCodes.Status304NotModified;
        else
            await response.WriteContentAsync(asset.Content, asset.ContentType).ConfigureAwait(false);
    }
}
