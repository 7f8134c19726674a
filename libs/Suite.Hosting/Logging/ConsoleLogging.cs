using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Suite.Hosting.Logging;

/// <summary>Logs to standard error, a line an event, as text or JSON.</summary>
internal static class ConsoleLogging
{
    /// <param name="logging">Where it is added.</param>
    /// <param name="level">The least to write.</param>
    /// <param name="json">JSON for log collectors instead of text.</param>
    /// <param name="isStarted">Until it says true, the framework's own words about a start that fails are dropped: we say it in a sentence.</param>
    public static void AddTo(ILoggingBuilder logging, LogLevel level, bool json, Func<bool> isStarted)
    {
        logging.SetMinimumLevel(level);
        // The frameworks report each request at Information, four lines for one call; Grpc logs exceptions that the interceptor has logged.
        var frameworks = level > LogLevel.Debug ? LogLevel.Warning : level;
        logging.AddFilter("Microsoft", frameworks);
        logging.AddFilter("Grpc", frameworks);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", (LogLevel l) => isStarted() && l >= frameworks);

        if (json)
        {
            logging.AddJsonConsole(options =>
            {
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddConsole();
            logging.Services.AddSingleton<ConsoleFormatter, LineFormatter>();
        }

        logging.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            if (!json)
                options.FormatterName = LineFormatter.FormatterName;
        });
    }
}
