# For the BeforeAll of the test files that run what the help and the documents tell people to type.

. $PSScriptRoot/common.ps1
. $PSScriptRoot/terminal.ps1

# The password of alice in the prepared user file; good enough for a new one, too.
$ExamplePassword = 'granite otter lantern 42'

# What is typed when an example asks.
$Answers = @{
    'Username: '                = 'erin'
    'Password: '                = $ExamplePassword
    'Password again: '          = $ExamplePassword
    'Password for erin: '       = $ExamplePassword
    'Password for user alice: ' = $ExamplePassword
    'Password for user erin: '  = $ExamplePassword
    '(default is "Y"): '        = 'y'
}

# Opens a shell on a terminal, because some examples ask.
function Start-ExampleShell {
    if (-not $NoTerminal) {
        $script:server = Start-StandInServer
        $command = "$PSScriptRoot/example-shell.ps1", $ExamplePassword, $server.Address
        $script:terminal = Start-Terminal ($TerminalShell + '-NoProfile', '-NoLogo', '-File' + $command) @{
            PSModulePath = (Split-Path $ModulePath) + [System.IO.Path]::PathSeparator + $env:PSModulePath
        }
    }
}

function Stop-ExampleShell {
    if (-not $NoTerminal) {
        Stop-Terminal $terminal
        Stop-StandInServer $server
    }
}

# Runs code in a folder with the prepared files, answers what it asks, and returns its errors as text.
function Invoke-Example([string] $Code) {
    if ($NoTerminal) {
        Set-ItResult -Skipped -Because $NoTerminal
    }
    $folder = New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory
    Get-ChildItem $PSScriptRoot/Prepared -File | Copy-Item -Destination $folder -PassThru | ForEach-Object {
        chmod 600 $_
        # A file that was written just now is read twice.
        $_.LastWriteTime = [datetime]::new(2024, 12, 1)
    }
    Set-Content "$folder.ps1" $Code
    Send-Key $terminal "$folder`r"
    $done = "<$($folder.Name)>"
    do {
        $shown = Wait-Terminal $terminal (@($Answers.Keys) + $done)
        $Answers.Keys.Where({ $shown.EndsWith($_) }).ForEach({ Send-Key $terminal "$($Answers[$_])`r" })
    } until ($shown.EndsWith($done))
    Get-Content "$folder.errors" -Raw
}

# Answers as the pgEdge MCP server does: sign-in, who is signed in, the list of tools.
function Start-StandInServer {
    $free = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $free.Start()
    $address = "http://localhost:$($free.LocalEndpoint.Port)"
    $free.Stop()
    $listener = [System.Net.HttpListener]::new()
    $listener.Prefixes.Add("$address/")
    $listener.Start()
    $job = Start-ThreadJob {
        $listener = $using:listener
        $token = 'k3hQ0vV9mYw1sZ8xC2bN7jL4pT6rF5gH0aD1eU9iO3c='
        while ($listener.IsListening) {
            $context = $listener.GetContext()
            $signedIn = $context.Request.Headers['Authorization'] -eq "Bearer $token"
            $call = [System.IO.StreamReader]::new($context.Request.InputStream).ReadToEnd() | ConvertFrom-Json
            $answer = if ($context.Request.Url.AbsolutePath -eq '/api/user/info') {
                @{ authenticated = $signedIn; username = 'alice' }
            }
            elseif ($call.params.name -eq 'authenticate_user') {
                $session = @{
                    success = $true; session_token = $token; message = 'Authentication successful'
                    expires_at = [datetime]::UtcNow.AddHours(24).ToString('yyyy-MM-ddTHH:mm:ssZ')
                }
                @{ jsonrpc = '2.0'; id = 1; result = @{ content = @(@{ type = 'text'; text = $session | ConvertTo-Json }) } }
            }
            else {
                @{ jsonrpc = '2.0'; id = 1; result = @{ tools = @(@{ name = 'query_database'; description = 'Runs a query.' }) } }
            }
            $context.Response.ContentType = 'application/json'
            $context.Response.Close([System.Text.Encoding]::UTF8.GetBytes(($answer | ConvertTo-Json -Depth 9)), $true)
        }
    }
    @{ Address = $address; Listener = $listener; Job = $job }
}

function Stop-StandInServer($Server) {
    $Server.Listener.Stop()
    $Server.Job | Remove-Job -Force
}
