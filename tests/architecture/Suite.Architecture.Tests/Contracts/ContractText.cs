using System.Text;
using Google.Protobuf.Reflection;

namespace Suite.Architecture.Tests.Contracts;

/// <summary>A contract's wire facts as text, a line each: what a client in another language depends on, and no comment.</summary>
internal static class ContractText
{
    public static string Of(FileDescriptor file)
    {
        var text = new StringBuilder();
        text.Append("package ").Append(file.Package).Append('\n');
        foreach (var service in file.Services.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            text.Append("\nservice ").Append(service.Name).Append('\n');
            foreach (var method in service.Methods)
                text.Append($"  {method.Name}({Stream(method.IsClientStreaming)}{method.InputType.Name}) {Stream(method.IsServerStreaming)}{method.OutputType.Name}\n");
        }

        foreach (var message in Flatten(file.MessageTypes).OrderBy(m => m.FullName, StringComparer.Ordinal))
            Append(text, message);
        foreach (var enumeration in file.EnumTypes.Concat(Flatten(file.MessageTypes).SelectMany(m => m.EnumTypes)).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            text.Append("\nenum ").Append(enumeration.FullName).Append('\n');
            foreach (var value in enumeration.Values)
                text.Append($"  {value.Number} {value.Name}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, MessageDescriptor message)
    {
        text.Append("\nmessage ").Append(message.FullName).Append('\n');
        foreach (var field in message.Fields.InFieldNumberOrder())
            text.Append($"  {field.FieldNumber} {field.Name} {Shape(field)}{Deprecated(field)}\n");
        var reserved = message.ToProto().ReservedRange.Select(range => range.End - 1 > range.Start ? $"{range.Start}-{range.End - 1}" : $"{range.Start}");
        if (reserved.Any())
            text.Append($"  reserved {string.Join(", ", reserved)}\n");
    }

    private static string Shape(FieldDescriptor field)
    {
        if (field.IsMap)
            return $"map<{Type(field.MessageType.FindFieldByNumber(1))}, {Type(field.MessageType.FindFieldByNumber(2))}>";
        var prefix = field.IsRepeated ? "repeated "
            : field.RealContainingOneof is { } oneof ? $"oneof {oneof.Name} "
            : field.HasPresence && field.FieldType != FieldType.Message ? "optional "
            : "";
        return prefix + Type(field);
    }

    private static string Type(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var scalar => scalar.ToString().ToLowerInvariant(),
    };

    private static string Deprecated(FieldDescriptor field) => field.GetOptions()?.Deprecated == true ? " deprecated" : "";

    private static string Stream(bool streaming) => streaming ? "stream " : "";

    private static IEnumerable<MessageDescriptor> Flatten(IEnumerable<MessageDescriptor> messages) =>
        messages.Where(m => m.GetOptions()?.MapEntry != true).SelectMany(m => Flatten(m.NestedTypes).Prepend(m));
}
