using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace PgEdgeUsers.Stress.Server;

/// <summary>
/// The test server as a process: writes its address, then does what each line of its input says, a JSON list of words,
/// and answers each with a JSON list. Ends with its input.
/// </summary>
internal static class ServerProcess
{
    /// <param name="generation">The generation of the server that it plays.</param>
    /// <param name="certificate">
    /// <c>None</c> for plain HTTP, else a certificate of <see cref="TestCertificates"/>.
    /// </param>
    public static int Run(ServerGeneration generation, string certificate)
    {
        using var authority = new TestCertificates();
        using var chosen = Choose(authority, certificate);
        using var server = new TestServer(chosen, generation: generation);
        Console.InputEncoding = Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.WriteLine(server.Address);
        while (Console.ReadLine() is { } line)
            Console.WriteLine(JsonSerializer.Serialize(Do(server, JsonSerializer.Deserialize<string[]>(line)!)));
        return 0;
    }

    private static X509Certificate2? Choose(TestCertificates authority, string certificate) => certificate switch
    {
        "None" => null,
        nameof(TestCertificates.Good) => authority.Good(),
        nameof(TestCertificates.OfAnotherHost) => authority.OfAnotherHost(),
        nameof(TestCertificates.Expired) => authority.Expired(),
        _ => throw new ArgumentException($"There is no certificate '{certificate}'."),
    };

    private static string[] Do(TestServer server, string[] command)
    {
        switch (command)
        {
            case ["user", var name, var password]:
                server.SetUser(name, password);
                break;
            case ["disabled-user", var name, var password]:
                server.SetUser(name, password, enabled: false);
                break;
            case ["remove-user", var name]:
                server.RemoveUser(name);
                break;
            case ["end-session", var name]:
                server.EndSession(name);
                break;
            case ["advance", var time]:
                server.Advance(TimeSpan.Parse(time, CultureInfo.InvariantCulture));
                break;
            case ["answer", var status, var type, var body]:
                server.Instead = Answers.Content(
                    int.Parse(status, CultureInfo.InvariantCulture), type, Encoding.UTF8.GetBytes(body));
                break;
            case ["tool-result", var text]:
                server.Instead = Answers.ToolResult(text);
                break;
            case ["tool-error", var data]:
                server.Instead = Answers.ToolError(data);
                break;
            case ["tool-failure", var text]:
                server.Instead = Answers.ToolFailure(text);
                break;
            case ["raw", var text]:
                server.Instead = Answers.Raw(text);
                break;
            case ["never"]:
                server.Instead = Answers.Never;
                break;
            case ["reset"]:
                server.Instead = null;
                server.Requests.Clear();
                break;
            case ["requests"]:
                return [.. server.Requests];
            default:
                throw new ArgumentException($"There is no command '{string.Join(' ', command)}'.");
        }

        return [];
    }
}
