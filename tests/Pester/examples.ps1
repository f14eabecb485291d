# For the BeforeAll of the test files that run what the help and the documents tell people to type.

. $PSScriptRoot/common.ps1
. $PSScriptRoot/server.ps1
. $PSScriptRoot/terminal.ps1

# The password of alice in the prepared user file; good enough for a new one, too.
$ExamplePassword = 'granite otter lantern 42'

# What is typed when an example asks.
$Answers = @{
    'Username[0]: '             = 'erin'
    'Username[1]: '             = ''
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
        $script:server = Start-TestServer
        $null = Send-TestServer $server user alice $ExamplePassword
        $command = "$PSScriptRoot/example-shell.ps1", $ExamplePassword, $server.Uri
        $script:terminal = Start-Terminal ($ShellCommand + '-NoProfile', '-NoLogo', '-File' + $command) @{
            PSModulePath = (Split-Path $ModulePath) + [System.IO.Path]::PathSeparator + $env:PSModulePath
        }
    }
}

function Stop-ExampleShell {
    if (-not $NoTerminal) {
        Stop-Terminal $terminal
        Stop-TestServer $server
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
    try {
        do {
            $shown = Wait-Terminal $terminal (@($Answers.Keys) + $done)
            $Answers.Keys.Where({ $shown.EndsWith($_) }).ForEach({ Send-Key $terminal "$($Answers[$_])`r" })
        } until ($shown.EndsWith($done))
    }
    catch {
        # The next example needs a shell that is not stuck.
        Stop-ExampleShell
        Start-ExampleShell
        throw
    }
    Get-Content "$folder.errors" -Raw
}
