using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Security;
using System.Text;
using System.Text.Json;

namespace PgEdgeUsers;

/// <summary>An argument cannot be sent to a tool.</summary>
internal sealed class ToolArgumentException(string message) : Exception(message);

/// <summary>Writes the arguments of a tool as JSON. Values without an obvious JSON form are rejected.</summary>
internal static class ToolArguments
{
    private const int MaxDepth = 32;

    /// <summary>Returns the arguments as a JSON object in UTF-8.</summary>
    /// <exception cref="ToolArgumentException">A value cannot be sent; the message names it and the reason.</exception>
    public static byte[] ToJson(IDictionary arguments)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
            Write(json, arguments, "", 0);
        return text.ToArray();
    }

    private static void Write(Utf8JsonWriter json, object? value, string path, int depth)
    {
        if (depth > MaxDepth)
            throw Invalid(path, "is nested too deeply, perhaps because it contains itself");
        if (value is PSObject { BaseObject: not PSCustomObject } wrapped)
            value = wrapped.BaseObject;
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case SecureString or PSCredential:
                throw Invalid(path, "is a secret: tools receive their arguments as plain text, which a server can log");
            case string or char or Guid or Uri or Enum or Version:
                json.WriteStringValue(Checked(value.ToString()!, path));
                break;
            case DateTime or DateTimeOffset:
                json.WriteStringValue(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture));
                break;
            case bool or SwitchParameter:
                json.WriteBooleanValue(LanguagePrimitives.IsTrue(value));
                break;
            case double or float when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                throw Invalid(path, "is not a finite number, which JSON cannot express");
            case byte or sbyte or short or ushort or int or uint or long or ulong or BigInteger:
            case float or double or decimal:
                json.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary map:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                    WriteProperty(json, LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value, path, depth);
                json.WriteEndObject();
                break;
            case PSObject record:
                json.WriteStartObject();
                foreach (var property in record.Properties)
                    WriteProperty(json, property.Name, property.Value, path, depth);
                json.WriteEndObject();
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                    Write(json, item, path, depth + 1);
                json.WriteEndArray();
                break;
            default:
                throw Invalid(
                    path, $"has the type {value.GetType().Name}, which has no meaning for a tool. Use text, numbers, "
                        + "booleans, dates, arrays and hashtables");
        }
    }

    private static void WriteProperty(Utf8JsonWriter json, string name, object? value, string path, int depth)
    {
        path = path.Length == 0 ? name : $"{path}.{name}";
        json.WritePropertyName(Checked(name, path));
        Write(json, value, path, depth + 1);
    }

    /// <summary>Checks text for lone surrogates, which the writer would silently replace.</summary>
    private static string Checked(string text, string path)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!Rune.TryGetRuneAt(text, at, out _))
                throw Invalid(path, "is not valid Unicode text");
            at++;
        }

        return text;
    }

    private static ToolArgumentException Invalid(string path, string problem) =>
        new($"The argument '{path}' {problem}.");
}
