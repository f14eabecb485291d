# A server that plays the pgEdge MCP server, and other processes of PgEdgeUsers.Stress.

# Starts a role of PgEdgeUsers.Stress, such as 'hold', which ends with its input.
function Start-Helper {
    $program = Get-ChildItem $PSScriptRoot/../PgEdgeUsers.Stress/bin/*/net10.0/PgEdgeUsers.Stress.dll |
        Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $program) {
        throw 'PgEdgeUsers.Stress is not built: run dotnet build.'
    }
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', [string[]] (@("$program") + $args))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $start.StandardInputEncoding = $start.StandardOutputEncoding = [System.Text.UTF8Encoding]::new($false)
    [System.Diagnostics.Process]::Start($start)
}

function Stop-Helper([System.Diagnostics.Process] $Process) {
    $Process.StandardInput.Close()
    $Process.WaitForExit()
    $Process.Dispose()
}

# Starts a server that knows alice.
function Start-TestServer([string] $Generation = 'December2025', [string] $Certificate = 'None') {
    $process = Start-Helper test-server $Generation $Certificate
    $uri = [uri] $process.StandardOutput.ReadLine()
    $address = "$($uri.GetLeftPart('Authority'))"
    $server = [pscustomobject]@{ Uri = $address; Authority = $uri.Authority; Process = $process }
    $null = Send-TestServer $server user alice $Passwords.alice
    $server
}

# Sends a command of the test server, such as 'tool-error', 'database is on fire', and returns what it answers.
function Send-TestServer($Server) {
    $Server.Process.StandardInput.WriteLine((ConvertTo-Json ([string[]] $args) -Compress))
    $Server.Process.StandardOutput.ReadLine() | ConvertFrom-Json
}

function Stop-TestServer($Server) {
    Stop-Helper $Server.Process
}
