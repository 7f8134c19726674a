using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Suite.Hosting.Errors;
using Suite.Oci.Distribution;
using Suite.Registry.Access;
using Suite.Registry.Limits;
using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace Suite.Registry.Distribution;

/// <summary>The one place where an exception becomes an HTTP answer; logs once what is not the client's fault.</summary>
internal sealed partial class RequestGuard(HttpAudit audit, Challenge challenge, ILogger<RequestGuard> logger)
{
    private const int InternalServerError = 500;

    public async Task RunAsync(HttpContext http, RequestDelegate handle)
    {
        try
        {
            await handle(http).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException || http.RequestAborted.IsCancellationRequested)
        {
            // The client left. What it had uploaded stays, and it may come back.
            http.Abort();
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(http, e.StatusCode, ErrorCode.Unsupported, e.Message).ConfigureAwait(false);
        }
        catch (TooManyException e)
        {
            http.Response.Headers.RetryAfter = e.RetryAfter.ToString(CultureInfo.InvariantCulture);
            await AnswerAsync(http, StatusCodes.Status429TooManyRequests, ErrorCode.TooManyRequests, e.Message).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailAsync(http, e).ConfigureAwait(false);
        }
        finally
        {
            audit.Ended(http);
        }
    }

    private async Task FailAsync(HttpContext http, Exception exception)
    {
        var failure = Failure.Of(exception, deadlinePassed: false);
        var status = StatusOf(failure.Code);
        if (status == InternalServerError)
            Broke(exception, http.Request.Method, http.Request.Path, failure.Message);
        else if (status > InternalServerError)
            Hindered(http.Request.Method, http.Request.Path, failure.Message);
        if (status >= InternalServerError)
            Activity.Current?.SetStatus(ActivityStatusCode.Error, failure.Message);
        await AnswerAsync(http, status, (exception as DistributionException)?.Code ?? ErrorCode.Unknown, failure.Message).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext http, int status, string code, string message)
    {
        // With the headers gone, a cut connection is the only way to say that the content is not whole.
        if (http.Response.HasStarted)
            http.Abort();
        else
        {
            http.Response.Headers.ContentRange = default;
            // RFC 9110 15.5.2: a 401 says how to log in.
            if (status == StatusCodes.Status401Unauthorized && http.Response.Headers.WWWAuthenticate.Count == 0)
                challenge.Write(http);
            await http.Response.WriteErrorAsync(status, code, message).ConfigureAwait(false);
        }
    }

    private static int StatusOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.FailedPrecondition or StatusCode.Unimplemented => 405,
        StatusCode.Unavailable => 503,
        StatusCode.ResourceExhausted => 507,
        _ => InternalServerError,
    };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: {Reason}")]
    private partial void Broke(Exception exception, string method, string path, string reason);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} cannot be done: {Reason}")]
    private partial void Hindered(string method, string path, string reason);
}
