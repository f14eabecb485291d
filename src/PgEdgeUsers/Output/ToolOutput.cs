using System.Management.Automation;
using System.Text.Json;

namespace PgEdgeUsers;

/// <summary>
/// Converts the result of a tool to output: objects for a JSON object or array, otherwise the unchanged text. Strings
/// in JSON stay strings, even if they look like dates.
/// </summary>
internal static class ToolOutput
{
    /// <summary>An object, an array of values, or the text.</summary>
    public static object From(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return text;
        try
        {
            using var json = JsonDocument.Parse(text);
            return Value(json.RootElement) ?? text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ExtendedTypeSystemException)
        {
            // It is not JSON, or has keys that cannot be properties, such as two that differ only in case.
            return text;
        }
    }

    private static object? Value(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var record = new PSObject();
                foreach (var property in json.EnumerateObject())
                {
                    // A second property that differs only in case would replace the first.
                    if (property.Name.Length == 0 || record.Properties[property.Name] is not null)
                        throw new JsonException();
                    record.Properties.Add(new PSNoteProperty(property.Name, Value(property.Value)));
                }

                return record;
            case JsonValueKind.Array:
                return json.EnumerateArray().Select(Value).ToArray();
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Number:
                return json.TryGetInt64(out var number) ? number
                    : json.TryGetDecimal(out var exact) ? exact
                    : json.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return json.GetBoolean();
            default:
                return null;
        }
    }
}
